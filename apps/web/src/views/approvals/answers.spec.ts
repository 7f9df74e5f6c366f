import { expect, test } from 'vitest';
import {
  afterThis,
  answerBody,
  answersTo,
  barredBy,
  dueWords,
  neighbour,
  policyWords,
  settledWords,
} from './answers.js';

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

test('reminders and who is asked after that are told before they come', () => {
  const due = { remindAfterSeconds: 3_600, escalateAfterSeconds: 7_200, escalateTo: ['role:operator'] };
  expect(dueWords({ due })).toBe('A reminder after 1 h, role:operator asked, too, after 2 h.');
  expect([dueWords(null), dueWords({ count: 2 })]).toEqual([null, null]);
});

const ada = { type: 'user', id: 'ada' } as const;
const keyOfAda = { type: 'apikey', id: 'ci', person: 'user:ada' } as const;
const eve = { type: 'user', id: 'eve' } as const;
const standing = { policy: { count: 2 }, submittedBy: eve, approvals: [], missing: { count: 2, from: null } };

test('whoever has approved already, with whatever key, is offered nothing and told who is missing', () => {
  const given = { ...standing, approvals: [{ by: ada, comment: '', at: '' }], missing: { count: 1, from: null } };
  expect(barredBy(given, keyOfAda)).toBe('You have approved it. It waits for one more.');
  expect(barredBy(given, eve)).toBeNull();
  expect(barredBy(standing, ada)).toBeNull();
});

test('whoever submitted the run is told that somebody else has to answer, where the policy says so', () => {
  const own = { ...standing, policy: { excludeSubmitter: true } };
  expect(barredBy(own, eve)).toMatch(/somebody else/);
  expect([barredBy(own, ada), barredBy({ ...own, policy: null }, eve)]).toEqual([null, null]);
});

test('what became of a question is told in a sentence', () => {
  expect(settledWords({ status: 'request-changes', settledBy: ada })).toBe(
    'It was sent back for changes by user:ada, and that stands.',
  );
  expect(settledWords({ status: 'gone', settledBy: null })).toBe('Nobody needs the answer any more.');
});
