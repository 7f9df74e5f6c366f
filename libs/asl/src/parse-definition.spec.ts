import { describe, expect, test } from 'vitest';
import { type Json, type JsonObject, machineAt, parseDefinition } from './index.js';

const pass: JsonObject = { Type: 'Pass', End: true };
const machine = (States: JsonObject, over: JsonObject = {}): JsonObject => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(States)[0] ?? '',
  States,
  ...over,
});
const task = (over: JsonObject = {}): JsonObject => ({ Type: 'Task', Resource: 'baton:worker:x', End: true, ...over });

/** Findings as `severity code pointer`. */
function findingsOf(definition: Json): readonly string[] {
  const parsed = parseDefinition(definition);
  return parsed.findings.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);
}

test('a definition with every kind of state that runs is accepted without findings', () => {
  const definition = machine({
    Begin: { Type: 'Pass', Assign: { n: '{% 1 + 1 %}' }, Next: 'Work' },
    Work: task({
      End: undefined as never,
      Next: 'Pick',
      Arguments: { n: '{% $n %}' },
      TimeoutSeconds: '{% $n * 2 %}',
      HeartbeatSeconds: 5,
      Retry: [
        {
          ErrorEquals: ['A', 'B'],
          IntervalSeconds: 1,
          BackoffRate: 1.5,
          MaxAttempts: 0,
          MaxDelaySeconds: 9,
          JitterStrategy: 'FULL',
        },
        { ErrorEquals: ['States.ALL'] },
      ],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Broken', Output: '{% $states.errorOutput %}' }],
    }),
    Pick: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $n > 1 %}', Next: 'Both' },
        { Condition: true, Next: 'Rest' },
      ],
      Default: 'Rest',
    },
    Both: { Type: 'Parallel', Branches: [{ StartAt: 'One', States: { One: pass } }], Next: 'Rest' },
    Rest: { Type: 'Wait', Seconds: 0, Next: 'Good' },
    Good: { Type: 'Succeed' },
    Broken: { Type: 'Fail', Error: 'Broken', Cause: '{% $states.input.Cause %}' },
  });
  const parsed = parseDefinition(JSON.parse(JSON.stringify(definition)));
  expect(parsed.findings).toEqual([]);
  expect(parsed.ok).toBe(true);
});

describe('the shape of a definition', () => {
  test.each<[string, Json, readonly string[]]>([
    ['no object', [], ['error schema ']],
    ['no states', { QueryLanguage: 'JSONata', StartAt: 'A', States: {} }, ['error schema /States']],
    ['no StartAt', { QueryLanguage: 'JSONata', States: { A: pass } }, ['error schema ']],
    ['an unknown field', machine({ A: pass }, { Extra: 1 }), ['error schema /Extra']],
    ['an unknown type', machine({ A: { Type: 'Fly' } }), ['error schema /States/A/Type']],
    ['a misspelt field', machine({ A: { ...pass, Asign: {} } }), ['error schema /States/A/Asign']],
    [
      'a field of the other language',
      machine({ A: { ...pass, ResultPath: '$.a' } }),
      ['error schema /States/A/ResultPath'],
    ],
    ['neither Next nor End', machine({ A: { Type: 'Pass' } }), ['error schema /States/A']],
    ['both Next and End', machine({ A: { Type: 'Pass', Next: 'A', End: true } }), ['error schema /States/A']],
    ['a Task without Resource', machine({ A: { Type: 'Task', End: true } }), ['error schema /States/A/Resource']],
    [
      'a Resource that is no URI',
      machine({ A: task({ Resource: 'planner' }) }),
      ['error unknown-resource /States/A/Resource'],
    ],
    ['a timeout of 0', machine({ A: task({ TimeoutSeconds: 0 }) }), ['error schema /States/A/TimeoutSeconds']],
    [
      'a timeout that is text',
      machine({ A: task({ TimeoutSeconds: '60' }) }),
      ['error schema /States/A/TimeoutSeconds'],
    ],
    [
      'no rules',
      machine({ A: { Type: 'Choice', Choices: [], Default: 'B' }, B: pass }),
      ['error schema /States/A/Choices'],
    ],
    ['no branches', machine({ A: { Type: 'Parallel', Branches: [], End: true } }), ['error schema /States/A/Branches']],
    ['a Wait for nothing', machine({ A: { Type: 'Wait', End: true } }), ['error schema /States/A']],
    [
      'a wrong time',
      machine({ A: { Type: 'Wait', Timestamp: '2016-12-05T25:29:29Z', End: true } }),
      ['error schema /States/A/Timestamp'],
    ],
    [
      'a time without offset',
      machine({ A: { Type: 'Wait', Timestamp: '2016-12-05T21:29:29', End: true } }),
      ['error schema /States/A/Timestamp'],
    ],
    [
      'a variable named states',
      machine({ A: { ...pass, Assign: { states: 1 } } }),
      ['error schema /States/A/Assign/states'],
    ],
    [
      'States.ALL in company',
      machine({ A: task({ Retry: [{ ErrorEquals: ['States.ALL', 'B'] }] }) }),
      ['error schema /States/A/Retry/0/ErrorEquals'],
    ],
    [
      'States.ALL not last',
      machine({ A: task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['B'] }] }) }),
      ['error schema /States/A/Retry/0/ErrorEquals'],
    ],
    [
      'a slower backoff',
      machine({ A: task({ Retry: [{ ErrorEquals: ['B'], BackoffRate: 0.5 }] }) }),
      ['error schema /States/A/Retry/0/BackoffRate'],
    ],
  ])('%s', (_what, definition, expected) => {
    expect(findingsOf(definition)).toEqual(expected);
  });
});

test.each(['größe', '変数', 'naïve_1', '_n', 'x'.repeat(80)])('a variable may be named %s', (name) => {
  const definition = machine({
    A: { Type: 'Pass', Assign: { [name]: `{% $exists($${name}) ? $${name} + 1 : 0 %}` }, Next: 'B' },
    B: { Type: 'Pass', Output: `{% $${name} %}`, End: true },
  });
  expect(findingsOf(definition)).toEqual([]);
});

test.each(['1n', 'a.b', 'a-b', '', 'a b', '$a', 'x'.repeat(81)])('a variable may not be named %j', (name) => {
  expect(findingsOf(machine({ A: { ...pass, Assign: { [name]: 1 } } }))).toEqual([
    `error schema /States/A/Assign/${name}`,
  ]);
});

describe('how states hang together', () => {
  test.each<[string, Json, readonly string[]]>([
    [
      'an unknown start',
      machine({ A: pass }, { StartAt: 'B' }),
      ['error unknown-state /StartAt', 'error unreachable-state /States/A'],
    ],
    [
      'an unknown next',
      machine({ A: { Type: 'Pass', Next: 'B' } }),
      ['error unknown-state /States/A/Next', 'error no-end /States/A'],
    ],
    [
      'an unknown target of a catcher',
      machine({ A: task({ Catch: [{ ErrorEquals: ['B'], Next: 'C' }] }) }),
      ['error unknown-state /States/A/Catch/0/Next'],
    ],
    ['a state nothing leads to', machine({ A: pass, B: pass }), ['error unreachable-state /States/B']],
    [
      'a ring without a way out',
      machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }),
      ['error no-end /States/A', 'error no-end /States/B'],
    ],
    [
      'a Choice without Default',
      machine({ A: { Type: 'Choice', Choices: [{ Condition: true, Next: 'B' }] }, B: pass }),
      ['warning no-default /States/A'],
    ],
    [
      'a name used twice',
      machine({ A: { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: pass } }], End: true } }),
      ['error duplicate-state /States/A/Branches/0/States/A'],
    ],
    [
      'a branch that leaves its machine',
      machine({
        A: { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass', Next: 'C' } } }], Next: 'C' },
        C: pass,
      }),
      ['error unknown-state /States/A/Branches/0/States/B/Next', 'error no-end /States/A/Branches/0/States/B'],
    ],
  ])('%s', (_what, definition, expected) => {
    expect(findingsOf(definition)).toEqual(expected);
  });
});

test('expressions that do not parse are found wherever they stand', () => {
  const bad = '{% 1 + %}';
  const definition = machine({
    A: task({
      End: undefined as never,
      Next: 'B',
      Arguments: { 'a/b': [0, bad] },
      TimeoutSeconds: bad,
      Catch: [{ ErrorEquals: ['X'], Next: 'B', Assign: { v: bad } }],
    }),
    B: { Type: 'Choice', Choices: [{ Condition: bad, Next: 'C' }], Default: 'C' },
    C: { Type: 'Fail', Cause: bad },
  });
  expect(findingsOf(JSON.parse(JSON.stringify(definition)))).toEqual([
    'error bad-expression /States/A/Catch/0/Assign/v',
    'error bad-expression /States/A/Arguments/a~1b/1',
    'error bad-expression /States/A/TimeoutSeconds',
    'error bad-expression /States/B/Choices/0/Condition',
    'error bad-expression /States/C/Cause',
  ]);
});

test('an error of one state hides nothing that can be known of the others', () => {
  const definition = {
    QueryLanguage: 'JSONSomething',
    StartAt: 'A',
    States: {
      A: { Type: 'Task', Resource: 5, Next: 'Nowhere', Assign: { known: 1 } },
      P: {
        Type: 'Parallel',
        Wrong: 1,
        Next: 'B',
        Branches: [{ StartAt: 'Gone', States: { I: { ...pass, Output: '{% $unheard + $known %}' }, J: 7 } }],
      },
      B: { Type: 'Choice', Choices: [{ Condition: 3, Next: 'Lost' }], Default: 'C' },
      C: { ...pass, Output: '{% 1 + %}', Comment: 5 },
    },
  };
  expect(findingsOf(JSON.parse(JSON.stringify(definition))).toSorted()).toEqual(
    [
      'error schema /QueryLanguage',
      'error schema /States/A/Resource',
      'error unknown-state /States/A/Next',
      'error schema /States/P/Wrong',
      'error unknown-state /States/P/Branches/0/StartAt',
      'warning unknown-name /States/P/Branches/0/States/I/Output',
      'error unknown-state /States/B/Choices/0/Next',
      'error schema /States/P/Branches/0/States/J',
      'error schema /States/B/Choices/0/Condition',
      'error bad-expression /States/C/Output',
      'error schema /States/C/Comment',
    ].toSorted(),
  );
});

test.each(['{% 1', '1 %}', ' {% 1 %}', '{% 1 %} ', '{% 1 %}\n', '{%}'])('half an expression is refused: %j', (text) => {
  const definition = machine({ A: { ...pass, Output: { x: [text] } } });
  expect(findingsOf(definition)).toEqual(['error bad-expression /States/A/Output/x/0']);
  expect(parseDefinition(definition).machine).not.toBeNull();
});

test('a text with blanks around both brackets is one, as recorded', () => {
  expect(findingsOf(machine({ A: { ...pass, Output: ' {% 1 %} ' } }))).toEqual([
    'warning bad-expression /States/A/Output',
  ]);
});

test('the caller says which resources there are', () => {
  const definition = machine({ A: task() });
  const parsed = parseDefinition(definition, { checkResource: (resource) => `no ${resource} here` });
  expect(parsed.findings).toEqual([
    {
      pointer: '/States/A/Resource',
      severity: 'error',
      code: 'unknown-resource',
      message: 'baton:worker:x: no baton:worker:x here',
    },
  ]);
});

test('a machine is found by its pointer', () => {
  const branch = { StartAt: 'B', States: { B: pass } };
  const parsed = parseDefinition(machine({ 'A/1': { Type: 'Parallel', Branches: [branch], End: true } }));
  if (!parsed.ok) throw new Error('expected a definition');
  expect(machineAt(parsed.machine, '')).toBe(parsed.machine);
  expect(machineAt(parsed.machine, '/States/A~11/Branches/0')).toEqual(branch);
  expect(machineAt(parsed.machine, '/States/A~11/Branches/1')).toBeNull();
});
