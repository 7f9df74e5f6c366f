import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import { branches, task } from '../testing/scenario.js';
import { parseWorkflowDocument } from './parse-workflow-document.js';

const States: JsonObject = {
  A: task({ Next: 'Pick' }),
  Pick: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Both' }], Default: 'Both' },
  Both: { ...branches('L', 'R'), End: true },
};
const document = (over: JsonObject = {}, states: JsonObject = States): JsonObject => ({
  name: 'test',
  version: '1.0.0',
  title: 'Test',
  definition: { QueryLanguage: 'JSONata', StartAt: 'A', States: states },
  ...over,
});
const findingsOf = (json: unknown): readonly string[] =>
  parseWorkflowDocument(json).findings.map(({ code, pointer }) => `${code} ${pointer}`);

test('the findings of all parts come at once, and nothing is said of what could not be read', () => {
  const json = document(
    {
      name: 'Not Kebab',
      extra: 1,
      budget: { usd: 0.0000001, wallClock: 'P1M', tokens: 'many' },
      steps: { Z: { number: 1, title: 'Z' }, A: { number: 0, title: 'A', budget: { usd: 0 } } },
      phases: [{ name: 'p', states: ['A', 'Y'] }, { states: ['Pick'] }],
      decisions: {
        at: [{ state: 'Pick', phase: 'q', round: '{% 1 + %}', maxRounds: '{% 0 %}' }, { state: 'A', phase: 'p' }, 5],
        recovery: { strategies: [], most: 99 },
      },
    },
    {
      ...States,
      A: task({ Next: 'Pick', Resource: 'baton:worker:Big One' }),
      Pick: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Lost' }], Default: 'Both' },
      Ask: task({ Resource: 'baton:approval', Arguments: { policy: { approvals: 0 } } }),
    },
  );
  expect([...findingsOf(json)].sort()).toEqual(
    [
      'schema /name',
      'schema /extra',
      'schema /budget/usd',
      'schema /budget/wallClock',
      'schema /budget/tokens',
      'unknown-state /steps/Z',
      'schema /steps/A/number',
      'unknown-state /phases/0/states/1',
      'schema /phases/1/name',
      'bad-expression /decisions/at/0/round',
      'schema /decisions/at/0/maxRounds',
      'schema /decisions/at/1/state',
      'schema /decisions/at/2',
      'schema /decisions/recovery/most',
      'schema /decisions/recovery/strategies',
      'unknown-resource /definition/States/A/Resource',
      'unknown-state /definition/States/Pick/Choices/0/Next',
      'schema /definition/States/Ask/Arguments/policy/approvals',
    ].sort(),
  );
});

test('states that cannot be read may be those that are meant', () => {
  const phases = [{ name: 'p', states: ['A', 'Inner'] }];
  const States = { A: { Type: 'Parallel', Branches: 'none', End: true } };
  expect(findingsOf(document({ phases, steps: { Inner: { number: 1, title: 'I' } } }, States))).toEqual([
    'schema /definition/States/A/Branches',
  ]);
  expect(findingsOf(document({ definition: 5, phases }))).toEqual(['schema /definition']);
});

test('a good document is read, with its defaults', () => {
  const parsed = parseWorkflowDocument(
    document({ decisions: { at: [{ state: 'Pick', phase: 'p' }] }, phases: [{ name: 'p', states: ['A', 'L'] }] }),
  );
  expect(parsed.findings).toEqual([]);
  expect(parsed.ok && parsed.document.decisions?.mode).toBe('programmatic');
});

test.each<[string, unknown, readonly string[]]>([
  ['no document', null, ['schema ']],
  ['a field that is not known', document({ extra: 1 }), ['schema /extra']],
  ['a wrong name and version', document({ name: 'Not Kebab', version: '1' }), ['schema /name', 'schema /version']],
  [
    'a definition with a mistake',
    document({}, { A: { Type: 'Pass', Next: 'B' } }),
    ['unknown-state /definition/States/A/Next', 'no-end /definition/States/A'],
  ],
  [
    'a worker kind that is none',
    document({}, { A: task({ Resource: 'baton:worker:Big One' }) }),
    ['unknown-resource /definition/States/A/Resource'],
  ],
  [
    'a task for the worker that Maps alone may ask',
    document({}, { A: task({ Resource: 'baton:worker:map-items' }) }),
    ['unknown-resource /definition/States/A/Resource'],
  ],
  [
    'a resource with a name that cannot be',
    document({}, { A: task({ Resource: 'baton:workflow:No Such' }) }),
    ['unknown-resource /definition/States/A/Resource'],
  ],
  [
    'a resource of another system',
    document({}, { A: task({ Resource: 'arn:aws:states:::dynamodb:getItem' }) }),
    ['unknown-resource /definition/States/A/Resource'],
  ],
  ['a step that is no state', document({ steps: { B: { number: 1, title: 'B' } } }), ['unknown-state /steps/B']],
  [
    'a phase with a state that is none',
    document({ phases: [{ name: 'p', states: ['A', 'B'] }] }),
    ['unknown-state /phases/0/states/1'],
  ],
  [
    'a state in two phases',
    document({
      phases: [
        { name: 'p', states: ['A'] },
        { name: 'q', states: ['A'] },
      ],
    }),
    ['schema /phases/1/states/0'],
  ],
  [
    'a decision point that is no Choice',
    document({ phases: [{ name: 'p', states: ['A'] }], decisions: { at: [{ state: 'A', phase: 'p' }] } }),
    ['schema /decisions/at/0/state'],
  ],
  [
    'a decision point that is no state',
    document({ phases: [{ name: 'p', states: ['A'] }], decisions: { at: [{ state: 'Z', phase: 'p' }] } }),
    ['unknown-state /decisions/at/0/state'],
  ],
  [
    'a decision in an unknown phase',
    document({ decisions: { at: [{ state: 'Pick', phase: 'p' }] } }),
    ['schema /decisions/at/0/phase'],
  ],
  [
    'a decision expression that does not parse',
    document({
      phases: [{ name: 'p', states: ['A'] }],
      decisions: { at: [{ state: 'Pick', phase: 'p', round: '{% 1 + %}' }] },
    }),
    ['bad-expression /decisions/at/0/round'],
  ],
])('%s is refused', (_what, json, expected) => {
  expect(parseWorkflowDocument(json).ok).toBe(false);
  expect(findingsOf(json)).toEqual(expected);
});

test('what is said of questions is checked before anybody is asked', () => {
  const told = (questions: JsonObject | string) =>
    parseWorkflowDocument(document({ questions })).findings.map(({ pointer, message }) => `${pointer}: ${message}`);
  expect(told('none')).toEqual([]);
  expect(told({ most: 5, timeoutSeconds: 60, approvers: ['ada'], when: '{% true %}' })).toEqual([]);
  expect(told({ when: '{% 1 + %}' })).toEqual([expect.stringContaining('/questions/when: ')]);
  for (const wrong of ['never', { most: 0 }, { often: 3 }, { timeoutSeconds: -1 }]) {
    expect(told(wrong)).toEqual([expect.stringMatching(/^\/questions/)]);
  }
});
