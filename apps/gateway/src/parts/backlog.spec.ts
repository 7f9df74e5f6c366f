import { INTAKE_QUEUE } from '@baton/contracts';
import { expect, test } from 'vitest';
import { ProblemError } from '../http/problem.js';
import { Backlog } from './backlog.js';

/** Queues that say what a test gives; a look at them takes a turn of the event loop. */
function given({ leastWaiting = 100 as number | null } = {}) {
  const intake = { waiting: 0, doneLastMinute: 0, isAway: false };
  const results = { oldestMs: null as number | null, doneLastMinute: 0 };
  const asked: string[] = [];
  let nowMs = 0;
  const backlog = new Backlog({
    queues: {
      counts: async (queue) => {
        asked.push(queue);
        if (intake.isAway) throw new Error('away');
        return { waiting: intake.waiting, active: 0, delayed: 0, completed: 0, failed: 0 };
      },
      flow: async (queue) =>
        queue === INTAKE_QUEUE ? { oldestMs: null, doneLastMinute: intake.doneLastMinute } : { ...results },
    },
    lanes: async () => [3],
    leastWaiting,
    monotonicMs: () => nowMs,
    log: { warn: () => {}, debug: () => {} },
  });
  const submitted = (): number | null => {
    try {
      backlog.refuseWhenFull();
      return null;
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown;
      expect([thrown.status, thrown.code]).toEqual([429, 'too-much-waits']);
      return Number(thrown.headers['retry-after']);
    }
  };
  return {
    intake,
    results,
    asked,
    /** Seconds after which to come again, or null where it is accepted, once the queues were looked at. */
    submit: async (afterMs = 1_000) => {
      nowMs += afterMs;
      submitted();
      await new Promise((resolve) => setImmediate(resolve));
      return submitted();
    },
  };
}

test('what waits for orchestrators is no reason to refuse as long as they come to it within half a minute', async () => {
  const { intake, submit } = given();
  expect(await submit()).toBeNull();
  Object.assign(intake, { waiting: 99 });
  expect(await submit()).toBeNull();
  Object.assign(intake, { waiting: 2_999, doneLastMinute: 6_000 });
  expect(await submit()).toBeNull();
});

test('more than that is refused, for as long as it takes to get half of it done and no longer than half a minute', async () => {
  const { intake, submit } = given();
  Object.assign(intake, { waiting: 3_000, doneLastMinute: 6_000 });
  expect(await submit()).toBe(15);
  Object.assign(intake, { waiting: 100_000 });
  expect(await submit()).toBe(30);
  Object.assign(intake, { waiting: 2_000 });
  expect(await submit()).toBeNull();
});

test('however little is done some may wait, and not without end', async () => {
  const { intake, submit } = given();
  Object.assign(intake, { waiting: 100, doneLastMinute: 0 });
  expect(await submit()).toBe(30);
});

test('results that an orchestrator at work does not come to are a reason, those that nobody takes are none', async () => {
  const { results, submit } = given();
  Object.assign(results, { oldestMs: 21_000, doneLastMinute: 500 });
  expect(await submit()).toBe(30);
  Object.assign(results, { doneLastMinute: 0 });
  expect(await submit()).toBeNull();
});

test('queues are asked once a second while submissions come, and what they said long ago counts for nothing', async () => {
  const { intake, asked, submit } = given();
  Object.assign(intake, { waiting: 100 });
  for (let n = 0; n < 10; n += 1) await submit(100);
  expect(asked).toEqual([INTAKE_QUEUE]);
  intake.isAway = true;
  expect(await submit(1_000)).toBe(30);
  expect(await submit(5_000)).toBeNull();
});

test('where that is turned off everything is accepted and nobody is asked', async () => {
  const { intake, asked, submit } = given({ leastWaiting: null });
  Object.assign(intake, { waiting: 1_000_000 });
  expect(await submit()).toBeNull();
  expect(asked).toEqual([]);
});
