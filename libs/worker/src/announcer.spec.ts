import { WorkerAnnouncement } from '@baton/contracts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAnnouncer } from './announcer.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const facts = {
  kind: 'greeter',
  description: 'Greets.',
  version: '1',
  concurrency: 2,
  bundle: 1,
  hasOwnDoor: false,
  looksAtRungs: false,
  input: null,
  output: null,
};

function world() {
  const sent: WorkerAnnouncement[] = [];
  const heard: boolean[] = [];
  let isAway = false;
  let isDrainWanted = false;
  const announcer = createAnnouncer(facts, {
    send: async (announcement) => {
      if (isAway) throw new Error('away');
      sent.push(WorkerAnnouncement.parse(announcement));
      return isDrainWanted;
    },
    onDrainWanted: (isWanted) => void heard.push(isWanted),
    workerId: RUN,
    host: 'here',
    pid: 1,
    monotonicMs: Date.now,
    log: { info: () => {}, warn: () => {} },
  });
  const setAway = (away: boolean): void => {
    isAway = away;
  };
  const wantDrain = (): void => {
    isDrainWanted = true;
  };
  return { sent, heard, announcer, setAway, wantDrain };
}

test('a worker hears with each word of its own whether it shall take no more tasks, and says at once that it takes none', async () => {
  const { sent, heard, announcer, wantDrain } = world();
  await vi.advanceTimersByTimeAsync(0);
  wantDrain();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(heard).toEqual([false, true]);
  announcer.draining(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map(({ isDraining }) => isDraining)).toEqual([false, false, true]);
});

test('a worker says at once that it lives, and every few seconds again, also after an outage', async () => {
  const { sent, setAway } = world();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toMatchObject([{ ...facts, workerId: RUN, host: 'here', tasks: [], isStopped: false }]);
  setAway(true);
  await vi.advanceTimersByTimeAsync(30_000);
  setAway(false);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent).toHaveLength(2);
});

test('what it has in work is told soon, with the last sign of life, and what is done at once is never told', async () => {
  const { sent, announcer } = world();
  await vi.advanceTimersByTimeAsync(1_000);
  announcer.begin({ commandId: `${RUN}-1`, state: 'Greet', dispatchNo: 0 })();
  const end = announcer.begin({ commandId: `${RUN}-2`, state: 'Greet', dispatchNo: 1 });
  await vi.advanceTimersByTimeAsync(300);
  announcer.note(`${RUN}-2`, 'half way');
  await vi.advanceTimersByTimeAsync(200);
  expect(sent.at(-1)?.tasks).toMatchObject([
    {
      ordinal: 2,
      commandId: `${RUN}-2`,
      dispatchNo: 1,
      begunMsAgo: 400,
      beatMsAgo: 100,
      note: 'half way',
      state: 'Greet',
      endedMsAgo: null,
    },
  ]);
  end();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent.at(-1)?.tasks).toMatchObject([{ ordinal: 2, begunMsAgo: 3_400, endedMsAgo: 2_900 }]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent.at(-1)?.tasks).toEqual([]);
});

test('a worker that stops takes leave, and says no more', async () => {
  const { sent, announcer } = world();
  await vi.advanceTimersByTimeAsync(1_000);
  await announcer.stop();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(sent.map(({ isStopped }) => isStopped)).toEqual([false, true]);
});
