import { expect, test } from 'vitest';
import { isSealed, submissionIn } from './submission.js';

const state = {
  ...{ status: 'running', workflow: { name: 'seven-step', version: '2.2.1', sha256: 'x' } },
  ...{ input: { requirements: 'r' }, priority: 1, decisionMode: 'hybrid', labels: { team: 'a' } },
  budget: { usd: 2, tokens: null, wallClock: null },
};

test('what a run was submitted with can be submitted again', () => {
  expect(submissionIn(state)).toEqual({
    ...{ workflow: 'seven-step@2.2.1', input: { requirements: 'r' }, labels: { team: 'a' } },
    rest: { priority: 1, decisions: { mode: 'hybrid' }, budget: { usd: 2 } },
  });
});

test('a run without limits is submitted again without any', () => {
  const budget = { usd: null, tokens: null, wallClock: null };
  expect(submissionIn({ ...state, budget })?.rest).toEqual({ priority: 1, decisions: { mode: 'hybrid' } });
});

test('a state that is not known is nothing to submit', () => {
  expect(submissionIn({ status: 'new' })).toBeNull();
});

test('what is sealed is noticed wherever it stands', () => {
  expect(isSealed({ to: [{ mail: { $sealed: { key: 'k', run: 'r', box: 'b' } } }] })).toBe(true);
  expect(isSealed({ text: 'sealed' })).toBe(false);
});
