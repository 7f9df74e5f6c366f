import { expect, test } from 'vitest';
import { type Json, parseDefinition } from './index.js';

const findingsOf = (state: Json, over: object = {}): readonly string[] =>
  parseDefinition({ StartAt: 'A', States: { A: state }, ...over }).findings.map(
    ({ severity, code, pointer }) => `${severity} ${code} ${pointer}`,
  );
const item = { StartAt: 'B', States: { B: { Type: 'Pass', End: true } } };
const task = (over: object): Json => ({ Type: 'Task', Resource: 'baton:worker:x', End: true, ...over });
const map = (over: object): Json => ({ Type: 'Map', ItemProcessor: item, End: true, ...over });
const choice = (rule: object): Json => ({ Type: 'Choice', Choices: [{ Next: 'A', ...rule }], Default: 'A' });

test.each<[string, Json]>([
  [
    'a Task with everything',
    task({
      InputPath: null,
      OutputPath: '$$.Execution',
      Parameters: { 'a.$': "States.Format('{}', $.x)" },
      ResultSelector: { 'b.$': '$' },
      ResultPath: '$.c[0]',
      Assign: { 'v.$': '$.d', w: 1 },
      TimeoutSecondsPath: '$t',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'A' }],
    }),
  ],
  ['a Map', map({ ItemsPath: '$.list', MaxConcurrencyPath: '$.n', ItemSelector: { 'i.$': '$$.Map.Item.Value' } })],
  ['a Map with the older names', { Type: 'Map', Iterator: item, Parameters: { 'a.$': '$' }, End: true }],
  ['a batched Map', map({ ItemBatcher: { MaxItemsPerBatch: 10, BatchInput: { 'a.$': '$' } } })],
  ['a state in the other language', { QueryLanguage: 'JSONata', Type: 'Pass', Output: '{% 1 %}', End: true }],
])('%s is accepted', (_what, state) => {
  // The catcher that leads back to its own state is worth a warning.
  expect(findingsOf(state).filter((finding) => finding.startsWith('error'))).toEqual([]);
});

test.each<[string, Json, string]>([
  ['a field of JSONata', task({ Arguments: {} }), 'schema /States/A/Arguments'],
  ['a path that does not parse', task({ InputPath: '$.a[' }), 'bad-path /States/A/InputPath'],
  ['a function for a path', task({ InputPath: 'States.UUID()' }), 'bad-path /States/A/InputPath'],
  ['a template without a path', task({ Parameters: { a: [{ 'b.$': 'x' }] } }), 'bad-path /States/A/Parameters/a/0/b.$'],
  ['a ResultPath to many places', task({ ResultPath: '$.a[*]' }), 'bad-path /States/A/ResultPath'],
  ['a timeout twice', task({ TimeoutSeconds: 1, TimeoutSecondsPath: '$.t' }), 'schema /States/A/TimeoutSecondsPath'],
  ['a Map without processor', { Type: 'Map', End: true }, 'schema /States/A'],
  ['a share above 100', map({ ToleratedFailurePercentage: 101 }), 'schema /States/A/ToleratedFailurePercentage'],
  [
    'an error in an item',
    map({ ItemProcessor: { StartAt: 'B', States: {} } }),
    'schema /States/A/ItemProcessor/States',
  ],
])('%s', (_what, state, expected) => {
  expect(findingsOf(state)).toContain(`error ${expected}`);
});

test.each<[string, object, string]>([
  ['no comparison', { Variable: '$.a' }, '/States/A/Choices/0'],
  ['two comparisons', { Variable: '$.a', IsNull: true, IsString: true }, '/States/A/Choices/0'],
  ['an unknown comparison', { Variable: '$.a', NumericMatches: 1 }, '/States/A/Choices/0/NumericMatches'],
  ['an operand of another type', { Variable: '$.a', NumericEquals: '1' }, '/States/A/Choices/0/NumericEquals'],
  ['no Variable', { IsNull: true }, '/States/A/Choices/0'],
  ['an inner rule', { And: [{ Variable: '$.a' }] }, '/States/A/Choices/0/And/0'],
  ['an empty list', { Or: [] }, '/States/A/Choices/0/Or'],
])('a rule with %s', (_what, rule, pointer) => {
  expect(findingsOf(choice(rule))).toContain(`error schema ${pointer}`);
});

test('an expression of the other language is worth a warning: it is a plain text here', () => {
  expect(findingsOf({ Type: 'Pass', Parameters: { a: '{% $n %}' }, End: true })).toEqual([
    'warning bad-expression /States/A/Parameters/a',
  ]);
});

test('a definition in JSONata has no state in JSONPath, at any depth', () => {
  const branch = { StartAt: 'B', States: { B: { QueryLanguage: 'JSONPath', Type: 'Pass', End: true } } };
  const state = { Type: 'Parallel', Branches: [branch], End: true };
  expect(findingsOf(state, { QueryLanguage: 'JSONata' })).toEqual(['error schema /States/A/Branches/0/States/B']);
  expect(findingsOf(state)).toEqual([]);
});
