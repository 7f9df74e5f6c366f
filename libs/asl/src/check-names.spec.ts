import source from 'jsonata/jsonata.js?raw';
import { expect, test } from 'vitest';
import { FUNCTION_NAMES } from './functions.js';
import { type Json, type JsonObject, parseDefinition } from './index.js';

const findingsOf = (States: JsonObject, QueryLanguage = 'JSONata'): readonly string[] =>
  parseDefinition({ QueryLanguage, StartAt: Object.keys(States)[0] ?? '', States }).findings.map(
    ({ severity, code, pointer, message }) => `${severity} ${code} ${pointer} ${message}`,
  );
const outputOf = (Output: Json): JsonObject => ({ A: { Type: 'Pass', Output, End: true } });
const task = (over: JsonObject): JsonObject => ({ Type: 'Task', Resource: 'baton:worker:x', End: true, ...over });

test('a variable that no state assigns, at its place in the template', () => {
  expect(findingsOf(outputOf({ a: [1, '{% $requirments %}'] }))).toEqual([
    'warning unknown-name /States/A/Output/a/1 no state assigns the variable requirments, here or around: $requirments is undefined',
  ]);
});

test('a function there is none of', () => {
  expect(findingsOf(outputOf('{% $upercase("a") %}'))).toEqual([
    'warning unknown-name /States/A/Output there is no function $upercase',
  ]);
});

test.each([
  '{% $sum([1, 2]) + $millis() & $uuid() %}',
  '{% $map([1], $string) %}',
  '{% ($x := 1; $f := function($v) { $v + $x }; $f(2)) %}',
  '{% $states.input.list#$i.{ "n": $i, "it": $, "x": x } %}',
  '{% $states.input.list[x = $.y]^(z).*.(a & $) %}',
  '{% $states.input{ k: $sum(v) } %}',
  '{% $states.input ~> |a|{ "b": c }, "d"| %}',
  '{% ($x := $states.input; $x.(y)) %}',
  '{% $states.context.Execution.Id %}',
])('what the expression binds, and what is always there, is known: %s', (text) => {
  expect(findingsOf(outputOf(text))).toEqual([]);
});

test('a variable may be assigned later, by a rule or a catcher, and outside of a branch', () => {
  const inner = { StartAt: 'B', States: { B: { Type: 'Pass', Output: '{% [$a, $b, $c] %}', End: true } } };
  const States = {
    Fork: {
      Type: 'Parallel',
      Branches: [inner],
      Catch: [{ ErrorEquals: ['States.ALL'], Assign: { b: 1 }, Next: 'Pick' }],
      Next: 'Pick',
    },
    Pick: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $exists($a) %}', Assign: { c: 1 }, Next: 'Last' }],
      Default: 'Last',
    },
    Last: { Type: 'Pass', Assign: { a: 1 }, End: true },
  };
  expect(findingsOf(States)).toEqual([]);
});

test('a variable of a branch is none outside of it, nor in the next branch', () => {
  const branch = (name: string, over: JsonObject) => ({
    StartAt: name,
    States: { [name]: { Type: 'Pass', End: true, ...over } },
  });
  const Branches = [branch('B', { Assign: { a: 1 } }), branch('C', { Output: '{% $a %}' })];
  expect(findingsOf({ Fork: { Type: 'Parallel', Branches, Output: '{% $a %}', End: true } })).toEqual([
    expect.stringContaining('/States/Fork/Output no state assigns the variable a'),
    expect.stringContaining('/States/Fork/Branches/1/States/C/Output no state assigns the variable a'),
  ]);
});

test('result and errorOutput are there in their places only', () => {
  const good = task({
    End: undefined as never,
    Next: 'B',
    Output: '{% $states.result %}',
    Assign: { r: '{% $states.result.a %}' },
    Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'B' }],
  });
  const B = { Type: 'Succeed' };
  expect(findingsOf(JSON.parse(JSON.stringify({ A: good, B })))).toEqual([]);
  const bad = task({ Arguments: '{% $states.result %}', Output: '{% $states.errorOutput.Error & $states.inputs %}' });
  expect(findingsOf({ A: bad })).toEqual([
    'error unknown-name /States/A/Arguments $states.result is undefined here: it is there in Output and Assign of a Task, Parallel or Map',
    'error unknown-name /States/A/Output $states.errorOutput is undefined here: it is there in Output and Assign of a catcher',
    'warning unknown-name /States/A/Output $states.inputs is undefined here: $states has input, context, result and errorOutput',
  ]);
});

test('result and errorOutput are refused in every other field of every state', () => {
  const inner = { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } };
  const choice = (over: JsonObject) => ({
    Type: 'Choice',
    Choices: [{ Condition: '{% true %}', Next: 'Z', ...over }],
    Default: 'Z',
  });
  const text = (name: string) => `{% $states.${name}.x %}`;
  const states = (name: string): readonly JsonObject[] => [
    ...['Output', 'Assign'].map((field) => ({ Type: 'Pass', [field]: { a: text(name) }, End: true })),
    { Type: 'Succeed', Output: text(name) },
    { Type: 'Fail', Error: text(name) },
    { Type: 'Wait', Seconds: text(name), End: true },
    choice({ Condition: text(name) }),
    choice({ Assign: { a: text(name) } }),
    choice({ Output: text(name) }),
    { Type: 'Parallel', Branches: [inner], Arguments: text(name), End: true },
    ...['Items', 'ItemSelector', 'MaxConcurrency'].map((field) => ({
      ...{ Type: 'Map', ItemProcessor: inner, End: true },
      [field]: text(name),
    })),
    { Type: 'Map', ItemProcessor: inner, ItemBatcher: { MaxItemsPerBatch: 1, BatchInput: text(name) }, End: true },
    ...['Arguments', 'TimeoutSeconds', 'HeartbeatSeconds'].map((field) => task({ [field]: text(name) })),
  ];
  for (const name of ['result', 'errorOutput']) {
    for (const A of states(name)) {
      const { findings, ok, machine } = parseDefinition({
        ...{ QueryLanguage: 'JSONata', StartAt: 'A' },
        States: { A, ...(A.Type === 'Choice' ? { Z: { Type: 'Succeed' } } : {}) },
      });
      const errors = findings.filter(({ severity }) => severity === 'error');
      expect([ok, machine !== null, errors.length], JSON.stringify(A)).toEqual([false, true, 1]);
    }
  }
});

test.each([
  ['{% $ %}', '$ stands for nothing'],
  ['{% $$.x %}', '$$ stands for nothing'],
  ['{% $states.input.list.($$) %}', '$$ stands for nothing'],
  ['{% x %}', 'x stands for nothing'],
  ['{% $sum(x.y) %}', 'x stands for nothing'],
  ['{% {"a": `b c`} %}', 'b c stands for nothing'],
  ['{% $map($states.input, function($v) { $v + n }) %}', 'n stands for nothing'],
  ['{% * %}', '* stands for nothing'],
  ['{% **.a %}', '** stands for nothing'],
  ['{% $eval("1") %}', 'no $eval'],
])('what is looked for in an input that no expression has: %s', (text, says) => {
  expect(findingsOf(outputOf(text))).toEqual([expect.stringMatching(/^warning unknown-name \/States\/A\/Output/)]);
  expect(findingsOf(outputOf(text))[0]).toContain(says);
});

test('a variable that no state assigns, in the paths of JSONPath', () => {
  const A = {
    Type: 'Map',
    ItemsPath: '$list',
    ItemSelector: { 'a.$': '$nope.a', 'b.$': "States.Format('{}', $$.Map.Item.Value, $gone)", c: '$text' },
    ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', Parameters: { 'x.$': '$list' }, End: true } } },
    ResultSelector: { 'f.$': '$[?(@.x == $other)]' },
    Catch: [{ ErrorEquals: ['States.ALL'], Assign: { 'q.$': '$fault' }, Next: 'B' }],
    Next: 'B',
  };
  const B = {
    Type: 'Choice',
    Choices: [{ Variable: '$q', StringEqualsPath: '$unheard', Next: 'C' }],
    Default: 'C',
  };
  const C = { Type: 'Pass', Result: { 'r.$': '$literal' }, Assign: { list: [] }, End: true };
  expect(findingsOf({ A, B, C }, 'JSONPath').map((each) => each.split(',')[0])).toEqual([
    'warning unknown-name /States/A/ItemSelector/a.$ no state assigns the variable nope',
    'warning unknown-name /States/A/ItemSelector/b.$ no state assigns the variable gone',
    'warning unknown-name /States/A/ResultSelector/f.$ no state assigns the variable other',
    'warning unknown-name /States/A/Catch/0/Assign/q.$ no state assigns the variable fault',
    'warning unknown-name /States/B/Choices/0/StringEqualsPath no state assigns the variable unheard',
  ]);
});

test('the functions of JSONata are all known', () => {
  const bound = [...source.matchAll(/staticFrame\.bind\('(\w+)'/g)].map(([, name]) => name);
  expect(bound.length).toBeGreaterThan(50);
  expect(bound.filter((name) => name === undefined || !FUNCTION_NAMES.has(name))).toEqual([]);
});
