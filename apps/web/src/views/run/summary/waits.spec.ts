import { expect, test } from 'vitest';
import { waitsOf } from './waits.js';

const NOW = Date.parse('2026-11-28T06:00:00.000Z');
const since = '2026-11-28T05:00:00.000Z';
const run = {
  ...{ status: 'running' as const, waitingFor: [], work: [], kept: [], deadLetter: null },
};
const task = {
  ...{ commandId: 'c1', state: 'Plan', kind: 'planner', attempt: 2, since, queuedMs: 0, workMs: null },
  ...{ deliveries: [], hasWorker: true, noWorkerSince: null },
};

test('an approval leads to its question, and one that nobody can give comes first', () => {
  const approval = { kind: 'approval' as const, state: 'Ask', approvalId: 'a1', since };
  const blocked = { ...approval, state: 'Gate', approvalId: 'a2', blocked: 'nobody has the role' };
  expect(waitsOf({ ...run, waitingFor: [approval, blocked] }, NOW)).toMatchObject([
    { text: 'Gate waits for a person, and nobody can answer: nobody has the role', isStuck: true },
    { text: 'Ask waits for a person, asked', at: since, to: { is: 'approval', id: 'a1' }, isStuck: false },
  ]);
});

test('a retry that is not due says when, and a kind without workers is told once', () => {
  const later = { ...task, since: '2026-11-28T06:05:00.000Z' };
  const without = [1, 2].map((n) => ({ ...task, commandId: `w${n}`, kind: 'tester', hasWorker: false }));
  expect(waitsOf({ ...run, work: [later, task, ...without] }, NOW)).toMatchObject([
    { text: 'No worker of the kind tester is alive: start one.', isStuck: true },
    { text: 'Plan is tried again, as attempt 2,', at: '2026-11-28T06:05:00.000Z' },
  ]);
});

test('a run that is paused, or not begun, or has a dead letter, says what to do', () => {
  const kept = [{ state: 'Plan', what: 'result' as const, since }];
  expect(waitsOf({ ...run, status: 'paused', kept }, NOW)[0]?.text).toBe(
    'It is paused: resume it, and it goes on. 1 thing came back meanwhile.',
  );
  expect(waitsOf({ ...run, status: 'accepted' }, NOW)).toHaveLength(1);
  const deadLetter = { id: 1, at: since, source: 'hub', reason: 'It ended a process.' };
  expect(waitsOf({ ...run, deadLetter }, NOW)).toMatchObject([{ to: { is: 'dead-letters' }, isStuck: true }]);
});

test('a child run, a signal, a clock and a token are told by what they are', () => {
  const waitingFor = [
    { kind: 'run' as const, state: 'Sub', runId: 'r1', workflow: 'report', since },
    { kind: 'signal' as const, state: 'Go', name: 'go', since },
    { kind: 'timer' as const, state: 'Later', dueAt: '2026-11-28T07:00:00.000Z', since },
    { kind: 'token' as const, state: 'Order', since },
  ];
  expect(waitsOf({ ...run, waitingFor }, NOW).map(({ text }) => text)).toEqual([
    'Sub waits for a run of report, since',
    'Go waits for the signal go, since',
    'Later goes on',
    'Order waits for an answer by the token of its task, since',
  ]);
});

test('what many items wait for alike is told once', () => {
  const timer = { kind: 'timer' as const, state: 'Short', dueAt: '2026-11-28T06:01:00.000Z', since };
  expect(waitsOf({ ...run, waitingFor: [timer, timer, timer] }, NOW)).toMatchObject([
    { text: '3 times: Short goes on', at: '2026-11-28T06:01:00.000Z' },
  ]);
});
