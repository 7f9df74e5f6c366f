import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { answerOf, givenBatcher, startOf } from '../../testing/given-batcher.js';
import { Batcher } from './batcher.js';

describe('the batcher', () => {
  test('writes what it has when deciding takes long, so that one batch does not hold the process up', async () => {
    const { ports, appended } = givenBatcher();
    let monotonicMs = 0;
    const batcher = new Batcher({ ...ports, monotonicMs: () => (monotonicMs += 150) });
    const runs = [randomUUID(), randomUUID(), randomUUID()];
    await Promise.all(runs.map((runId) => batcher.handle(startOf(runId))));
    expect(appended.map((items) => items.map(({ runId }) => runId))).toEqual(runs.map((runId) => [runId]));
  });

  test('writes what it has of one run with many messages when deciding takes long, and takes the others before it', async () => {
    const { ports, appended } = givenBatcher();
    let monotonicMs = 0;
    const batcher = new Batcher({ ...ports, monotonicMs: () => (monotonicMs += 150) });
    const [many, other] = [randomUUID(), randomUUID()];
    const outcomes = await Promise.all([
      batcher.handle(startOf(many)),
      batcher.handle(answerOf(many, 1)),
      batcher.handle(answerOf(many, 2)),
      batcher.handle(startOf(other)),
    ]);
    expect(outcomes).toEqual(['committed', 'committed', 'committed', 'committed']);
    expect(appended.map((items) => items.map(({ runId }) => runId))).toEqual([[many], [other], [many], [many]]);
  });

  test('is not ended by a fault of its own: the messages come again, and later ones are taken', async () => {
    const { ports } = givenBatcher();
    let isBroken = true;
    const monotonicMs = () => {
      if (isBroken) throw new Error('no clock');
      return 0;
    };
    const batcher = new Batcher({ ...ports, monotonicMs });
    const runId = randomUUID();
    await expect(batcher.handle(startOf(runId))).rejects.toMatchObject({ code: 'append-failed' });
    isBroken = false;
    expect(await batcher.handle(startOf(runId))).toBe('committed');
    await batcher.stop();
  });
});
