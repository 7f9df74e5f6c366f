import { RetryableError } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { command, givenQueues, jobs, LANE } from '../../testing/given-queues.js';
import type { Way } from '../ways-to-workers.js';
import { createTailSender } from './send-tail.js';

describe('the tail beyond the cursor', () => {
  test('is sent whole and once, and the own cursor moves past it', async () => {
    const rows = Array.from({ length: 1_200 }, (_, n) => command(n + 1, { lane: n < 600 ? 9 : LANE }));
    const { ports, dispatcher, sent } = givenQueues(rows);
    const sendTail = createTailSender(ports, LANE);
    await sendTail(0);
    await sendTail(0);
    expect(sent).toEqual(jobs(...rows));
    expect(dispatcher.dispatchedSeq).toBe(1_200);
  });

  test('sends nothing again that is in its queue, by whatever door it came there', async () => {
    const { ports, sent, states } = givenQueues([command(1), command(2)]);
    states.set(`worker-a ${jobs(command(1))[0]}`, 'active');
    await createTailSender(ports, LANE)(0);
    expect(sent).toEqual(jobs(command(2)));
    expect(ports.dispatcher.dispatchedSeq).toBe(2);
  });

  test('holds the cursor until every command that could not be sent was sent, young ones included', async () => {
    let isAway = true;
    const rows = [command(1), command(2, { createdAt: '2026-01-01T00:00:59.900Z' })];
    const { ports, dispatcher, sent } = givenQueues(rows, () => isAway);
    for (const row of rows) dispatcher.dispatch([row]);
    await dispatcher.settled();
    isAway = false;
    await createTailSender(ports, LANE)(2_000);
    const next = command(3);
    dispatcher.dispatch([next]);
    await dispatcher.settled();
    expect(sent).toEqual(jobs(...rows, next));
  });

  test('goes out around a job that its queue refuses', async () => {
    const rows = [command(1), command(2), command(3)];
    const { ports, dispatcher, sent } = givenQueues(rows, ({ jobId }) => jobId === jobs(command(2))[0]);
    await expect(createTailSender(ports, LANE)(0)).rejects.toThrow('refused');
    expect(sent).toEqual(jobs(command(1), command(3)));
    expect(dispatcher.dispatchedSeq).toBe(0);
  });

  const quickInBundles = (queue: string): Way =>
    queue === 'worker-quick' ? { bundle: 10, via: 'own-door' } : { bundle: 1 };
  const quick = (seq: number) => command(seq, { queue: 'worker-quick' });

  test('does not hold again what went out to one queue because another was away', async () => {
    const rows = [quick(1), quick(2), command(3), quick(4)];
    const { ports, dispatcher, sent } = givenQueues(rows, ({ jobId }) => jobId === jobs(command(3))[0], quickInBundles);
    dispatcher.dispatch(rows.slice(0, 3));
    dispatcher.dispatch(rows.slice(3));
    await dispatcher.settled();
    expect(dispatcher).toMatchObject({ isBehind: true, dispatchedSeq: 0 });
    const before = sent.length;
    // All of them were taken and done: their queue knows nothing of them any more.
    await expect(createTailSender(ports, LANE)(0)).rejects.toThrow('refused');
    expect(sent.slice(before)).toEqual([]);
  });

  test('is passed by the cursor up to what is on its way, which may fail yet', async () => {
    const rows = [command(1), quick(2), quick(3), command(4)];
    const isRefused = Promise.withResolvers<boolean>();
    let answers = (): boolean | Promise<boolean> => true;
    const { ports, dispatcher, sent } = givenQueues(rows, () => answers(), quickInBundles);
    dispatcher.dispatch([command(1)]);
    await dispatcher.settled();
    answers = () => isRefused.promise;
    dispatcher.dispatch([quick(2), quick(3)]);
    answers = () => false;
    const sendTail = createTailSender(ports, LANE);
    await sendTail(0);
    expect(sent).toEqual(jobs(command(1), command(4)));
    expect(dispatcher).toMatchObject({ isBehind: false, dispatchedSeq: 1 });
    isRefused.resolve(true);
    await dispatcher.settled();
    expect(dispatcher).toMatchObject({ isBehind: true, dispatchedSeq: 1 });
    await sendTail(0);
    expect(sent).toEqual(jobs(command(1), command(4), quick(2), quick(3)));
    expect(dispatcher).toMatchObject({ isBehind: false, dispatchedSeq: 4 });
  });

  test('takes no bundle apart whose answer was lost, and which is in its queue', async () => {
    const rows = [quick(1), quick(2)];
    let isAway = true;
    const lost = () => {
      if (isAway) throw new RetryableError('No answer.', { code: 'queue-unreachable', retryAfterMs: 1 });
      return false;
    };
    const { ports, dispatcher, sent, states } = givenQueues(rows, lost, quickInBundles);
    dispatcher.dispatch(rows);
    await dispatcher.settled();
    isAway = false;
    states.set(`worker-quick ${dispatcher.jobIdOf(quick(1))}`, 'waiting');
    await createTailSender(ports, LANE)(0);
    expect(sent).toEqual([]);
    expect(dispatcher).toMatchObject({ isBehind: false, dispatchedSeq: 2 });
  });
});
