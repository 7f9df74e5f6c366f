import type { Json, JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { task } from '../testing/scenario.js';
import { parseWorkflowDocument } from './parse-workflow-document.js';

const found = (json: JsonObject): readonly string[] =>
  parseWorkflowDocument(json).findings.map(({ pointer, message, severity }) => `${severity} ${pointer}: ${message}`);

const document = (over: JsonObject, States: JsonObject = { A: task() }, QueryLanguage = 'JSONata'): JsonObject => ({
  ...{ name: 'test', version: '1.0.0', title: 'Test' },
  definition: { QueryLanguage, StartAt: Object.keys(States)[0] ?? '', States },
  ...over,
});
const asking = (policy: Json): JsonObject =>
  document({}, { Ask: task({ Resource: 'baton:approval', Arguments: { title: 'Ship it?', policy } }) });
const POLICY = 'error /definition/States/Ask/Arguments/policy';

describe('the policy of an approval', () => {
  test.each<[string, JsonObject, string]>([
    ['more than it names', { approvers: ['ada'], count: 2 }, '/count: 2 people have to approve and 1 is named'],
    ['an unknown role', { approvers: ['role:boss'] }, '/approvers/0: there is no role "boss"'],
    [
      'a reminder after the escalation',
      { due: { remindAfterSeconds: 60, escalateAfterSeconds: 30, escalateTo: ['ada'] } },
      '/due/remindAfterSeconds: a reminder after 60 seconds comes after the escalation',
    ],
    ['an escalation to nobody', { due: { escalateAfterSeconds: 30 } }, '/due/escalateAfterSeconds: escalateTo has'],
    ['eleven people', { count: 11 }, '/count: '],
    ['a member that is none', { aprovers: ['ada'] }, '/aprovers: '],
  ])('that asks for %s is refused', (_, policy, expected) => {
    expect(found(asking(policy))[0]).toContain(`${POLICY}${expected}`);
  });

  test.each<[string, Json]>([
    ['as a whole', '{% $states.input.policy %}'],
    ['for the approvers', { approvers: '{% $states.input.people %}', count: 3, excludeSubmitter: true }],
    ['for one approver', { approvers: ['{% $states.input.boss %}'], count: 2 }],
    ['for the count', { approvers: ['ada'], count: '{% $states.input.count %}' }],
    ['for when it escalates', { due: { escalateAfterSeconds: '{% $states.input.patience %}', escalateTo: ['ada'] } }],
    ['for whom it escalates to', { due: { escalateAfterSeconds: 60, escalateTo: '{% $states.input.boss %}' } }],
  ])('that an expression gives %s is left to the run', (_, policy) => {
    expect(found(asking(policy))).toEqual([]);
  });

  test('is found in a branch, and in JSONPath mode', () => {
    const ask = task({ Resource: 'baton:approval', Parameters: { policy: { count: 0, 'approvers.$': '$.people' } } });
    const branch = { StartAt: 'Ask', States: { Ask: ask } };
    const states = { P: { Type: 'Parallel', Branches: [branch], End: true } };
    expect(found(document({}, states, 'JSONPath'))).toEqual([
      expect.stringContaining('error /definition/States/P/Branches/0/States/Ask/Parameters/policy/count: '),
    ]);
  });
});

const STATES: JsonObject = {
  Pick: { Type: 'Choice', Choices: [{ Condition: true, Next: 'A' }], Default: 'A' },
  A: task(),
};
const deciding = (point: JsonObject): JsonObject =>
  document(
    { phases: [{ name: 'p', states: ['Pick'] }], decisions: { at: [{ state: 'Pick', phase: 'p', ...point }] } },
    STATES,
  );

test.each<[string, JsonObject, string]>([
  [
    'a threshold above 10',
    deciding({ thresholds: '{% { "alignment": 11 } %}' }),
    '/decisions/at/0/thresholds: the threshold 11 for alignment can never be compared',
  ],
  ['a threshold below 0', deciding({ thresholds: '{% { "alignment": -1 } %}' }), '/decisions/at/0/thresholds: '],
  ['thresholds that are a number', deciding({ thresholds: '{% 9 %}' }), '/decisions/at/0/thresholds: thresholds are'],
  ['no round', deciding({ maxRounds: '{% 0 %}' }), '/decisions/at/0/maxRounds: maxRounds is 0: at least one round'],
  ['half a round', deciding({ maxRounds: '{% 1.5 %}' }), '/decisions/at/0/maxRounds: maxRounds is 1.5'],
  ['a budget of nothing', document({ budget: { usd: 0 } }), '/budget/usd: a budget has to be more than 0'],
  ['a budget of less', document({ budget: { tokens: -1 } }), '/budget/tokens: a budget has to be more than 0'],
  [
    'a step with a budget of nothing',
    document({ steps: { A: { number: 1, title: 'A', budget: { tokens: 0 } } } }),
    '/steps/A/budget/tokens: a budget has to be more than 0',
  ],
  [
    'advice with a budget of nothing',
    document({ decisions: { advice: { budget: { usd: 0 } } } }),
    '/decisions/advice/budget/usd: a budget has to be more than 0',
  ],
  [
    'a budget that is nothing in micro-dollars',
    document({ budget: { usd: 0.000_000_9 } }),
    '/budget/usd: 9e-7 is less than a micro-dollar',
  ],
  [
    'a step with a budget that is nothing in micro-dollars',
    document({ steps: { A: { number: 1, title: 'A', budget: { usd: 0.000_000_9 } } } }),
    '/steps/A/budget/usd: 9e-7 is less than a micro-dollar',
  ],
  ['a time without a fixed length', document({ budget: { wallClock: 'P1M' } }), '/budget/wallClock: P1M has no fixed'],
  ['no time at all', document({ budget: { wallClock: 'PT0S' } }), '/budget/wallClock: a budget has to be more than 0'],
])('%s is refused where it stands', (_, json, expected) => {
  expect(found(json)).toEqual([expect.stringContaining(`error ${expected}`)]);
});

test('numbers that can be, and those that nobody knows yet, are good', () => {
  expect(found(deciding({ thresholds: '{% { "alignment": 10, "other": 0 } %}', maxRounds: '{% 1 %}' }))).toEqual([]);
  expect(found(deciding({ thresholds: '{% $thresholds %}', maxRounds: '{% $rounds %}' }))).toEqual([]);
  expect(found(document({ budget: { usd: 0.000_001, tokens: 1, wallClock: 'P1DT2H' } }))).toEqual([]);
});
