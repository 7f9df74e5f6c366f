import { expect, test } from 'vitest';
import { afterThis, answerBody, answersTo, neighbour, policyWords } from './answers.js';

test('each kind of question has the answers that fit it', () => {
  const decisions = (['question', 'work', 'decision', 'approval'] as const).map((kind) =>
    answersTo({ kind, answers: {} }).map(({ decision }) => decision),
  );
  expect(decisions).toEqual([
    ['answer', 'reject'],
    ['answer', 'reject'],
    ['approve', 'reject'],
    ['approve', 'request-changes', 'reject'],
  ]);
});

test('what an answer leads to is said in the words of the workflow, where it has some', () => {
  const [approve] = answersTo({ kind: 'approval', answers: { approve: 'the plan is taken as it is' } });
  expect(approve?.effect).toBe('The plan is taken as it is.');
});

test('words that are only space are not sent', () => {
  expect(answerBody('approve', ' \n')).toEqual({ decision: 'approve' });
  expect(answerBody('approve', ' ok ', { move: 'retry' })).toEqual({
    decision: 'approve',
    comment: 'ok',
    move: 'retry',
  });
});

test('a policy is told in a sentence', () => {
  expect(policyWords(null)).toMatch(/Anybody/);
  expect(policyWords({ approvers: ['ada', 'role:operator'], count: 2, excludeSubmitter: true })).toBe(
    '2 different people have to approve, of: ada, role:operator. Whoever submitted the run may not.',
  );
});

test('after an answer the next is selected, and at the end the one before', () => {
  expect(['a', 'b', 'c', 'z'].map((id) => afterThis(['a', 'b', 'c'], id))).toEqual(['b', 'c', 'b', 'a']);
  expect(afterThis(['a'], 'a')).toBeUndefined();
});

test('the selection moves to its neighbour, and stops at both ends', () => {
  const ids = ['a', 'b'];
  expect([
    neighbour(ids, undefined, 1),
    neighbour(ids, 'a', 1),
    neighbour(ids, 'b', 1),
    neighbour(ids, 'a', -1),
  ]).toEqual(['a', 'b', 'b', 'a']);
  expect(neighbour([], 'a', 1)).toBeUndefined();
});
