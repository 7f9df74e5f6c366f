import { expect, test } from 'vitest';
import { type JsonObject, parseDefinition } from './index.js';

const findingsOf = (States: JsonObject, QueryLanguage = 'JSONata'): readonly string[] =>
  parseDefinition({ QueryLanguage, StartAt: Object.keys(States)[0] ?? '', States }).findings.map(
    ({ severity, code, pointer }) => `${severity} ${code} ${pointer}`,
  );
const one = (name: string, state: JsonObject): JsonObject => ({
  StartAt: name,
  States: { [name]: { Type: 'Pass', End: true, ...state } },
});
const assigns = (name: string): JsonObject => ({ Assign: { [name]: 1 } });
const fork = (Branches: readonly JsonObject[], over: JsonObject = {}): JsonObject => ({
  Type: 'Parallel',
  Branches: [...Branches],
  End: true,
  ...over,
});

test('a branch may not assign a variable that a state around it assigns, whichever comes first', () => {
  const Fork = fork([one('Inner', assigns('n'))], { ...assigns('n') });
  expect(findingsOf({ Fork })).toEqual(['error variable-scope /States/Fork/Branches/0/States/Inner/Assign/n']);
});

test('neither may the processor of a Map, nor a machine further in', () => {
  const Each = { Type: 'Map', ItemProcessor: one('Inner', assigns('n')), Next: 'After' };
  const After = { Type: 'Pass', ...assigns('n'), End: true };
  expect(findingsOf({ Each, After })).toEqual([
    'error variable-scope /States/Each/ItemProcessor/States/Inner/Assign/n',
  ]);
  const Deep = fork([one('Fork', fork([one('Inner', assigns('n'))]))], assigns('n'));
  expect(findingsOf({ Deep })).toEqual([
    'error variable-scope /States/Deep/Branches/0/States/Fork/Branches/0/States/Inner/Assign/n',
  ]);
});

test('a rule and a catcher assign in the scope of their state', () => {
  const Pick = {
    Type: 'Choice',
    Choices: [{ Condition: true, ...assigns('a'), Next: 'Fork' }],
    Default: 'Fork',
  };
  const Fork = fork([one('One', assigns('a')), one('Two', assigns('b'))], {
    Catch: [{ ErrorEquals: ['States.ALL'], ...assigns('b'), Next: 'Done' }],
  });
  expect(findingsOf({ Pick, Fork, Done: { Type: 'Succeed' } })).toEqual([
    'error variable-scope /States/Fork/Branches/0/States/One/Assign/a',
    'warning variable-scope /States/Fork/Branches/1/States/Two/Assign/b',
  ]);
});

test('what a catcher outside assigns is a warning only while no other state there assigns it', () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], ...assigns('n'), Next: 'Done' }];
  const Fork = fork([one('Inner', assigns('n'))], { Catch });
  const Each = { Type: 'Map', ItemProcessor: one('Inner', assigns('n')), Catch, End: true };
  expect(findingsOf({ Fork, Done: { Type: 'Succeed' } })).toEqual([
    'warning variable-scope /States/Fork/Branches/0/States/Inner/Assign/n',
  ]);
  expect(findingsOf({ Each, Done: { Type: 'Succeed' } })).toEqual([
    'warning variable-scope /States/Each/ItemProcessor/States/Inner/Assign/n',
  ]);
  for (const [first, second] of [
    ['Fork', 'Done'],
    ['Done', 'Fork'],
  ] as const) {
    const States = { Fork, Done: { Type: 'Pass', ...assigns('n'), End: true } };
    const turned = { [first]: States[first], [second]: States[second] };
    const { findings } = parseDefinition({ QueryLanguage: 'JSONata', StartAt: 'Fork', States: turned });
    expect(findings).toMatchObject([{ severity: 'error', code: 'variable-scope' }]);
  }
});

test('in JSONPath the mark of a path is not part of the name', () => {
  const Fork = fork([one('Inner', { Assign: { 'n.$': '$' } })], assigns('n'));
  expect(findingsOf({ Fork }, 'JSONPath')).toEqual([
    'error variable-scope /States/Fork/Branches/0/States/Inner/Assign/n.$',
  ]);
});

test('branches beside each other may use the same name, and read what is outside', () => {
  const Begin = { Type: 'Pass', ...assigns('m'), Next: 'Fork' };
  const Fork = fork([one('One', { Assign: { n: '{% $m %}' } }), one('Two', assigns('n'))]);
  expect(findingsOf({ Begin, Fork })).toEqual([]);
});

test('the sentence says where the other one is, and what to do', () => {
  const Fork = fork([one('Inner', assigns('n'))], assigns('n'));
  const { findings } = parseDefinition({ QueryLanguage: 'JSONata', StartAt: 'Fork', States: { Fork } });
  expect(findings[0]?.message).toBe(
    'the variable n is assigned outside of this machine too, at /States/Fork/Assign/n; an inner scope needs another name',
  );
});
