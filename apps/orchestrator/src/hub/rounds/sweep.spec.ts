import { laneResultsQueue, onRung, resultJobId, resultsQueue, taskJobId } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { command, givenQueues, jobs, LANE, runId } from '../../testing/given-queues.js';
import type { Way } from '../ways-to-workers.js';
import { createSweeper } from './sweep.js';

describe('the sweep', () => {
  test('gives a task up whose workers end without a result time and again', async () => {
    const rows = [command(1)];
    const { ports, sent, states, givenUp } = givenQueues(rows);
    states.set('worker-a', 'completed');
    const sweep = createSweeper(ports);
    for (let round = 0; round < 12; round += 1) await sweep();
    expect(sent).toHaveLength(5);
    expect(givenUp).toEqual([command(1).commandId]);
  });

  test('asks for no result again that waits in the queue, however long', async () => {
    const { ports, sent, states, givenUp } = givenQueues([command(1)]);
    states.set('worker-a', 'completed');
    states.set(`${resultsQueue(runId)} ${resultJobId(command(1).commandId, 0)}`, 'delayed');
    const sweep = createSweeper(ports);
    for (let round = 0; round < 12; round += 1) await sweep();
    expect(sent).toEqual([]);
    expect(givenUp).toEqual([]);
  });

  test('asks each queue once for a thousand commands, and for the results only of tasks that have ended', async () => {
    const rows = Array.from({ length: 2_500 }, (_, n) =>
      command(n + 1, { queue: n % 2 === 0 ? 'worker-a' : 'worker-b' }),
    );
    const { ports, states, asked } = givenQueues(rows);
    states.set('worker-a', 'waiting');
    states.set('worker-b', 'completed');
    await createSweeper(ports)();
    const each = ['worker-a 500', 'worker-b 500', `${laneResultsQueue(LANE)} 500`, `${resultsQueue(runId)} 500`];
    const rest = each.map((line) => line.replace('500', '250'));
    expect(asked).toEqual([...each, ...each, ...rest]);
  });

  test('looks after the other queues when one cannot say how its jobs stand', async () => {
    const { ports, sent } = givenQueues([command(1, { queue: 'worker-odd' }), command(2)]);
    const jobStates: typeof ports.jobStates = (queue, jobIds) =>
      queue === 'worker-odd' ? Promise.reject(new Error('no such queue')) : ports.jobStates(queue, jobIds);
    await createSweeper({ ...ports, jobStates })();
    expect(sent).toEqual(jobs(command(2)));
  });

  test('leaves a command alone whose job has ended while results wait: its own may be in a bundle of them', async () => {
    const { ports, sent, states } = givenQueues([command(1)]);
    states.set('worker-a', 'completed');
    const sweep = createSweeper(ports);
    for (const queue of [laneResultsQueue(LANE), resultsQueue(runId)]) {
      states.set(`${queue} waits`, 'waiting');
      await sweep();
      await sweep();
      expect(sent).toEqual([]);
      states.delete(`${queue} waits`);
    }
    await sweep();
    await sweep();
    expect(sent).toEqual([taskJobId(command(1).commandId, 1)]);
  });

  test('does not send a task again that was done so long ago that its job is forgotten, as long as results wait', async () => {
    const { ports, sent, states } = givenQueues([command(1), command(2, { lane: 4 })]);
    states.set(`${laneResultsQueue(LANE)} waits`, 'waiting');
    states.set(`${laneResultsQueue(4)} ${resultJobId(command(2).commandId, 0)}`, 'active');
    const sweep = createSweeper(ports);
    await sweep();
    expect(sent).toEqual([]);
    states.clear();
    await sweep();
    expect(sent).toEqual(jobs(command(1), command(2)));
  });

  test('leaves a task alone that was taken out of its bundle and waits by itself', async () => {
    const { ports, sent, states } = givenQueues(
      [command(1), command(2)],
      () => false,
      () => ({ bundle: 10 }),
    );
    ports.dispatcher.dispatch([command(1), command(2)]);
    await ports.dispatcher.settled();
    const [bundle] = sent.splice(0);
    states.set(`worker-a ${bundle}`, 'completed');
    states.set(`worker-a ${taskJobId(command(2).commandId, 0)}`, 'delayed');
    const sweep = createSweeper(ports);
    await sweep();
    await sweep();
    expect(sent).toEqual([taskJobId(command(1).commandId, 1)]);
    states.set(`worker-a ${taskJobId(command(2).commandId, 0)}`, 'completed');
    states.set(`worker-a ${taskJobId(command(1).commandId, 1)}`, 'active');
    await sweep();
    expect(sent).toHaveLength(1);
    await sweep();
    expect(sent.slice(1)).toEqual([taskJobId(command(2).commandId, 1)]);
  });

  test('goes on after a command that cannot be sent', async () => {
    const { ports, sent } = givenQueues([command(1), command(2)], ({ jobId }) => jobId === jobs(command(1))[0]);
    await createSweeper(ports)();
    expect(sent).toEqual(jobs(command(2)));
  });

  test.each([
    ['how its jobs stand', { jobStates: true }],
    ['whether anything waits in it', { hasWaiting: true }],
  ])(
    'asks for no result again where a queue of results cannot say %s, and looks after the others',
    async (_, fails) => {
      const [odd, other] = [command(1), command(2, { lane: 5 })];
      const { ports, sent, states, givenUp } = givenQueues([odd, other]);
      states.set('worker-a', 'completed');
      const isOdd = (queue: string): boolean => queue === laneResultsQueue(LANE);
      const refused = () => Promise.reject(new Error('no such queue'));
      const sweep = createSweeper({
        ...ports,
        jobStates: (queue, jobIds) =>
          'jobStates' in fails && isOdd(queue) ? refused() : ports.jobStates(queue, jobIds),
        hasWaiting: (queue) => ('hasWaiting' in fails && isOdd(queue) ? refused() : ports.hasWaiting(queue)),
      });
      for (let round = 0; round < 12; round += 1) await sweep();
      expect(sent.map((job) => job.includes(other.commandId))).toEqual([true, true, true, true, true]);
      expect(givenUp).toEqual([other.commandId]);
    },
  );

  test('forgets the bundles of what another hub has settled, and of nothing else', async () => {
    const rows = [1, 2, 3, 4].map((seq) => command(seq));
    const { ports, dispatcher, clock, states } = givenQueues(rows, undefined, () => ({ bundle: 10 }));
    states.set('worker-a', 'waiting');
    const isInBundle = (seq: number) => dispatcher.jobIdOf(command(seq)) !== dispatcher.ownJobIdOf(command(seq));
    dispatcher.dispatch(rows.splice(0, 2));
    await dispatcher.settled();
    const sweep = createSweeper({ ...ports, graceMs: 20_000 });
    dispatcher.dispatch([...rows]);
    await dispatcher.settled();
    await sweep();
    expect([1, 2, 3, 4].map(isInBundle)).toEqual([true, true, true, true]);
    clock.nowMs = 40_001;
    await sweep();
    expect([1, 2, 3, 4].map(isInBundle)).toEqual([false, false, true, true]);
  });

  test('sends by the other door what waits behind one that no living worker looks at, and leaves alone what is in work there', async () => {
    const rows = [1, 2, 3, 4].map((seq) => command(seq));
    let way: Way = { bundle: 2, via: 'own-door' };
    const { ports, dispatcher, sent, states } = givenQueues(rows, undefined, () => way);
    dispatcher.dispatch(rows);
    await dispatcher.settled();
    const [first, second] = sent.splice(0);
    states.set(`worker-a ${first} behind the own door`, 'waiting');
    states.set(`worker-a ${second}`, 'active');
    const sweep = createSweeper(ports);
    await sweep();
    way = { bundle: 1, isOwnDoorLeft: false };
    await sweep();
    expect(sent).toEqual([]);
    way = { bundle: 1, isOwnDoorLeft: true };
    await sweep();
    expect(sent).toEqual(jobs(command(1), command(2)));
    for (const job of sent) states.set(`worker-a ${job}`, 'waiting');
    await sweep();
    expect(sent).toHaveLength(2);
  });

  test('sends once more in front what waits on a rung at which no longer all workers look, and all else stays', async () => {
    const behind = { priority: onRung(2, 1) };
    const rows = [command(1, behind), command(2), command(3, behind), command(4, behind)];
    let way: Way = { bundle: 1, via: 'own-door', looksAtRungs: true };
    const priorities: unknown[] = [];
    const noted = ({ priority }: { readonly priority?: number }) => priorities.push(priority) === 0;
    const { ports, dispatcher, sent, states } = givenQueues(rows, noted, () => way);
    dispatcher.dispatch(rows);
    await dispatcher.settled();
    const put = (state: 'waiting' | 'active', ...ids: readonly string[]) => {
      for (const jobId of ids) states.set(`worker-a ${jobId} behind the own door`, state);
    };
    put('waiting', ...sent.splice(0));
    const withdraw: typeof ports.withdraw = (queue, jobIds) =>
      ports.withdraw(
        queue,
        jobIds.filter((jobId) => states.get(`${queue} ${jobId} behind the own door`) !== 'active'),
      );
    put('active', ...jobs(command(3)));
    const sweep = createSweeper({ ...ports, withdraw });
    await sweep();
    expect(sent).toEqual([]);
    way = { ...way, looksAtRungs: false };
    priorities.length = 0;
    for (let round = 0; round < 3; round += 1) {
      await sweep();
      put('waiting', ...jobs(command(1), command(4)));
      expect(sent).toEqual(jobs(command(1), command(4)));
    }
    expect(priorities).toEqual([2, 2]);
    // They may have been sent on their rungs meanwhile.
    way = { ...way, looksAtRungs: true };
    await sweep();
    way = { ...way, looksAtRungs: false };
    await sweep();
    expect(sent).toHaveLength(4);
  });

  test('forgets for its count of shares what another hub settled, and not what it finds outstanding', async () => {
    const { ports } = givenQueues([command(1), command(2)]);
    const told: unknown[] = [];
    const shares = {
      seeOpen: (commandId: string) => void told.push(commandId),
      forgetUnseen: (olderThanMs: number) => void told.push(olderThanMs),
    };
    await createSweeper({ ...ports, graceMs: 20_000, shares })();
    expect(told).toEqual([command(1).commandId, command(2).commandId, 40_000]);
  });
});
