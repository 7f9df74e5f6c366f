import { describe, expect, test } from 'vitest';
import { type Json, type JsonObject, parseDefinition } from './index.js';

const parsed = (States: JsonObject) =>
  parseDefinition({ QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0] ?? '', States });
const findingsOf = (States: JsonObject): readonly string[] =>
  parsed(States).findings.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);
const task = (over: JsonObject): Json => ({ Type: 'Task', Resource: 'baton:worker:x', End: true, ...over });

test.each<readonly [string, JsonObject, readonly string[]]>([
  ['smaller', { HeartbeatSeconds: 9, TimeoutSeconds: 10 }, []],
  ['known only later', { HeartbeatSeconds: '{% 20 %}', TimeoutSeconds: 10 }, []],
  ['without a time limit', { HeartbeatSeconds: 20 }, []],
  ['the same', { HeartbeatSeconds: 10, TimeoutSeconds: 10 }, ['error schema /States/A/HeartbeatSeconds']],
  ['larger', { HeartbeatSeconds: 11, TimeoutSeconds: 10 }, ['error schema /States/A/HeartbeatSeconds']],
])('a heartbeat that is %s', (_what, over, expected) => {
  expect(findingsOf({ A: task(over) })).toEqual(expected);
});

describe('what the specification forbids is refused, and a run that began before goes on', () => {
  const inner: JsonObject = { StartAt: 'B', States: { B: { Type: 'Pass', End: true } } };
  const map = (over: JsonObject): JsonObject => ({ Type: 'Map', ItemProcessor: inner, End: true, ...over });
  const choice = (rule: JsonObject): JsonObject => ({
    Type: 'Choice',
    Choices: [{ ...rule, Next: 'Z' }],
    Default: 'Z',
  });
  const at = '/States/A';
  test.each<readonly [string, JsonObject, string]>([
    ['a member twice', { Type: 'Pass', Parameters: { a: { x: 1, 'x.$': '$' } }, End: true }, `${at}/Parameters/a/x.$`],
    ['a variable twice', { Type: 'Pass', Assign: { 'x.$': '$', x: 1 }, End: true }, `${at}/Assign/x.$`],
    ['a selected member twice', map({ ItemSelector: { x: 1, 'x.$': '$' } }), `${at}/ItemSelector/x.$`],
    ['Parameters that are a text', { Type: 'Pass', Parameters: '$.a', End: true }, `${at}/Parameters`],
    [
      'Parameters that are a list',
      { Type: 'Parallel', Branches: [inner], Parameters: [1], End: true },
      `${at}/Parameters`,
    ],
    ['a ResultSelector that is null', map({ ResultSelector: null }), `${at}/ResultSelector`],
    ['an ItemSelector that is a text', map({ ItemSelector: '$' }), `${at}/ItemSelector`],
    [
      'a BatchInput that is a number',
      map({ ItemBatcher: { MaxItemsPerBatch: 1, BatchInput: 1 } }),
      `${at}/ItemBatcher/BatchInput`,
    ],
    [
      'a ProcessorConfig that is a text',
      map({ ItemProcessor: { ...inner, ProcessorConfig: 'INLINE' } }),
      `${at}/ItemProcessor/ProcessorConfig`,
    ],
    ...[
      [{ Mode: 'inline' }, '/Mode'],
      [{ Mode: 1 }, '/Mode'],
      [{ Mode: 'INLINE', ExecutionType: 'STANDARD' }, '/ExecutionType'],
      [{ ExecutionType: 'EXPRESS' }, '/ExecutionType'],
      [{ Mode: 'DISTRIBUTED', ExecutionType: 'FAST' }, '/ExecutionType'],
      [{ Mode: 'DISTRIBUTED', Typ: 'FAST' }, '/Typ'],
    ].map(([ProcessorConfig, where]): [string, JsonObject, string] => [
      `a ProcessorConfig ${JSON.stringify(ProcessorConfig)}`,
      map({ ItemProcessor: { ...inner, ProcessorConfig } as JsonObject }),
      `${at}/ItemProcessor/ProcessorConfig${where}`,
    ]),
    [
      'a ProcessorConfig of a branch',
      { Type: 'Parallel', Branches: [{ ...inner, ProcessorConfig: { Mode: 'INLINE' } }], End: true },
      `${at}/Branches/0/ProcessorConfig`,
    ],
    ['an ItemsPath to many places', map({ ItemsPath: '$.a[*]' }), `${at}/ItemsPath`],
    ['a MaxConcurrencyPath with a function', map({ MaxConcurrencyPath: '$.a.length()' }), `${at}/MaxConcurrencyPath`],
    ['a SecondsPath with a filter', { Type: 'Wait', SecondsPath: '$.a[?(@.b)]', End: true }, `${at}/SecondsPath`],
    ['a TimestampPath with a slice', { Type: 'Wait', TimestampPath: '$.a[0:1]', End: true }, `${at}/TimestampPath`],
    ['a Variable with ..', choice({ Variable: '$..a', IsNull: true }), `${at}/Choices/0/Variable`],
    [
      'a compared path to many places',
      choice({ Variable: '$.a', StringEqualsPath: '$.b[0,1]' }),
      `${at}/Choices/0/StringEqualsPath`,
    ],
    ...['MaxItemsPerBatchPath', 'MaxInputBytesPerBatchPath'].map((name): [string, JsonObject, string] => [
      `${name} in JSONata`,
      map({ QueryLanguage: 'JSONata', ItemBatcher: { [name]: '$.n' } }),
      `${at}/ItemBatcher/${name}`,
    ]),
    ...['States.Array(1)', 'States.MathAdd(1, 2)', "States.StringToJson('1')", "States.StringSplit('a', ',')"].map(
      (call): [string, JsonObject, string] => [
        `a CausePath with ${call}`,
        { Type: 'Fail', CausePath: call },
        `${at}/CausePath`,
      ],
    ),
    ['an ErrorPath to many places', { Type: 'Fail', ErrorPath: '$.*' }, `${at}/ErrorPath`],
  ])('%s', (_what, A, pointer) => {
    const States = { A, ...(A.Type === 'Choice' ? { Z: { Type: 'Succeed' } } : {}) };
    const found = parseDefinition({ StartAt: 'A', States });
    expect(found.findings.filter(({ severity }) => severity === 'error').map((each) => each.pointer)).toEqual([
      pointer,
    ]);
    expect(found.machine).not.toBeNull();
  });

  test('Credentials that are no object', () => {
    const { findings } = parseDefinition({ StartAt: 'A', States: { A: task({ Credentials: 'me' }) } });
    expect(findings.map(({ severity, pointer }) => `${severity} ${pointer}`)).toEqual([
      `warning ${at}/Credentials`,
      `error ${at}/Credentials`,
    ]);
  });

  test.each(['$.a[0].b', '$v', '$$.Execution.Input.n', "$['a b'][0]", '$.a[-1]'])(
    'a path to one place is fine: %s',
    (path) => {
      const { ok } = parseDefinition({ StartAt: 'A', States: { A: map({ ItemsPath: path }) } });
      expect(ok).toBe(true);
    },
  );
});

test('a comment, a version or a label that is no text', () => {
  const inner = { StartAt: 'B', Comment: 1, States: { B: { Type: 'Pass', Comment: [], End: true } } };
  expect(findingsOf({ A: { Type: 'Map', ItemProcessor: inner, Label: 2, End: true } })).toEqual([
    'error schema /States/A/Label',
    'error schema /States/A/ItemProcessor/Comment',
    'error schema /States/A/ItemProcessor/States/B/Comment',
  ]);
  const whole = { QueryLanguage: 'JSONata', StartAt: 'A', Version: 1, States: { A: { Type: 'Succeed' } } };
  expect(parseDefinition(whole).findings).toMatchObject([{ pointer: '/Version' }]);
});

test('a state without a name', () => {
  expect(findingsOf({ '': { Type: 'Succeed' } })).toEqual(['error schema /States/']);
});

test('a name that is too long, also of a state within a branch', () => {
  const name = 'x'.repeat(81);
  const branch = { StartAt: name, States: { [name]: { Type: 'Pass', End: true } } };
  expect(findingsOf({ A: { Type: 'Parallel', Branches: [branch], End: true } })).toEqual([
    `error schema /States/A/Branches/0/States/${name}`,
  ]);
  expect(findingsOf({ ['😀'.repeat(80)]: { Type: 'Succeed' } })).toEqual([]);
});

test('a variable that nobody could read', () => {
  expect(findingsOf({ A: { Type: 'Succeed', Assign: { n: 1 } } })).toEqual(['error schema /States/A/Assign']);
});

test('an error that the language does not have, in Retry and in Catch', () => {
  const Retry = [{ ErrorEquals: ['States.Timeout', 'States.TimeOut', 'Own.Error'] }];
  const Catch = [{ ErrorEquals: ['States.All'], Next: 'B' }];
  expect(findingsOf({ A: task({ Retry, Catch }), B: { Type: 'Succeed' } })).toEqual([
    'warning unknown-error /States/A/Retry/0/ErrorEquals/1',
    'warning unknown-error /States/A/Catch/0/ErrorEquals/0',
  ]);
});

test('a delay that is bounded below its first interval', () => {
  const retry = (over: JsonObject) => findingsOf({ A: task({ Retry: [{ ErrorEquals: ['X'], ...over }] }) });
  expect(retry({ IntervalSeconds: 10, MaxDelaySeconds: 9 })).toEqual([
    'warning schema /States/A/Retry/0/MaxDelaySeconds',
  ]);
  expect(retry({ IntervalSeconds: 10, MaxDelaySeconds: 10 })).toEqual([]);
  expect(retry({ MaxDelaySeconds: 1 })).toEqual([]);
});

test('a definition that breaks such a rule is refused, but a run that has it already can go on', () => {
  const broken = parsed({ A: task({ HeartbeatSeconds: 10, TimeoutSeconds: 10 }) });
  expect(broken).toMatchObject({ ok: false, machine: { StartAt: 'A' } });
  expect(parsed({ A: { Type: 'Pass', Next: 'B' } })).toMatchObject({ ok: false, machine: null });
});

test('a ProcessorConfig of the whole is none, and each mode of a Map is', () => {
  const States: JsonObject = { A: { Type: 'Succeed' } };
  expect(parseDefinition({ StartAt: 'A', ProcessorConfig: {}, States }).findings).toMatchObject([
    { pointer: '/ProcessorConfig' },
  ]);
  for (const ProcessorConfig of [{}, { Mode: 'INLINE' }, { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }]) {
    const ItemProcessor = { ProcessorConfig, StartAt: 'B', States: { B: { Type: 'Pass', End: true } } };
    expect(findingsOf({ A: { Type: 'Map', ItemProcessor, End: true } })).toEqual([]);
  }
});
