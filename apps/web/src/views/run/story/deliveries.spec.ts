import { expect, test } from 'vitest';
import { deliveriesOf, takenMs } from './deliveries.js';

const delivery = (commandId: string, begunAt: string, workerId = 'w') => ({
  ...{ commandId, state: 'S', kind: 'x', dispatchNo: 0, workerId, host: null, pid: null, begunAt, endedAt: null },
  ...{ queuedMs: 0, workMs: 1, beatAt: null, note: null, status: 'ended' as const },
});
const [early, late] = ['2026-11-28T06:00:00.000Z', '2026-11-28T06:05:00.000Z'];

test('what was lost and done again is one command, taken when the first worker took it', () => {
  const known = deliveriesOf({ work: [], lost: [delivery('c1', early)], done: [delivery('c1', late, 'v')] });
  expect(known.get('c1')?.all.map(({ begunAt }) => begunAt)).toEqual([early, late]);
  expect(takenMs(known, 'c1')).toBe(Date.parse(early));
});

test('one that no worker has taken is told from one of which nobody knows', () => {
  const waiting = { commandId: 'c2', state: 'S', kind: 'x', attempt: 1, since: early, queuedMs: 1, workMs: null };
  const work = [{ ...waiting, deliveries: [], hasWorker: true, noWorkerSince: null }];
  const known = deliveriesOf({ work, lost: [], done: [] });
  expect([takenMs(known, 'c2'), takenMs(known, 'c3')]).toEqual([null, undefined]);
});
