import { randomUUID } from 'node:crypto';
import { BatonError, commandIdOf } from '@baton/contracts';
import { emptySegment, evolve, initialState, type RunOrder, upcast } from '@baton/workflow';
import { describe, expect, test } from 'vitest';
import { answerOf, givenBatcher, startOf } from '../../testing/given-batcher.js';
import { Batcher } from './batcher.js';

describe('the batcher', () => {
  test('writes what arrives together in one append, a run once', async () => {
    const { batcher, appended, dispatched } = givenBatcher();
    const runs = [randomUUID(), randomUUID(), randomUUID()];
    const outcomes = await Promise.all(runs.map((runId) => batcher.handle(startOf(runId))));
    expect(outcomes).toEqual(['committed', 'committed', 'committed']);
    expect(appended).toHaveLength(1);
    expect(appended[0]?.map(({ runId }) => runId)).toEqual(runs);
    expect(dispatched).toEqual(runs.map((runId) => commandIdOf(runId, 1)));
  });

  test('folds several messages of one run into one item, in order', async () => {
    const { batcher, appended, dispatched } = givenBatcher();
    const runId = randomUUID();
    const outcomes = await Promise.all([
      batcher.handle(startOf(runId)),
      batcher.handle(answerOf(runId, 1)),
      batcher.handle(answerOf(runId, 1)),
    ]);
    expect(outcomes).toEqual(['committed', 'committed', 'ignored']);
    const item = appended[0]?.[0];
    // The first command was issued and settled within the item: it never has a row.
    expect(item?.commands.map(({ commandId }) => commandId)).toEqual([commandIdOf(runId, 2)]);
    expect(item?.consume).toEqual([]);
    expect(dispatched).toEqual([commandIdOf(runId, 2)]);
  });

  test('acknowledges a late or unknown result without a write', async () => {
    const { batcher, appended } = givenBatcher();
    expect(await batcher.handle(answerOf(randomUUID(), 1))).toBe('ignored');
    expect(appended).toEqual([]);
  });

  test('appends the rest at once when an item conflicts, and decides the offender again', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const { batcher, appended } = givenBatcher([[{ index: 0, reason: 'version-conflict', key: first }]]);
    const outcomes = await Promise.all([batcher.handle(startOf(first)), batcher.handle(startOf(second))]);
    expect(outcomes).toEqual(['committed', 'committed']);
    expect(appended.map((items) => items.map(({ runId }) => runId))).toEqual([[first, second], [second], [first]]);
  });

  test('begins a run without a look at it, and looks where the append says that there is one', async () => {
    const [fresh, taken] = [randomUUID(), randomUUID()];
    const { ports, runs, appended } = givenBatcher([[{ index: 1, reason: 'version-conflict', key: taken }]]);
    const other = givenBatcher();
    await other.batcher.handle(startOf(taken, 'of another'));
    const events = other.appended
      .flat()
      .flatMap((item) => item.events.map(({ type, data, document }) => upcast(type, 1, data, document)));
    runs.set(taken, { state: events.reduce(evolve, initialState), version: events.length, segment: emptySegment });
    const read: string[] = [];
    const loadRun = (runId: string) => {
      read.push(runId);
      return ports.store.loadRun(runId);
    };
    const batcher = new Batcher({ ...ports, store: { ...ports.store, loadRun } });
    const outcomes = await Promise.all([batcher.handle(startOf(fresh)), batcher.handle(startOf(taken))]);
    expect(outcomes).toEqual(['committed', 'ignored']);
    expect(read).toEqual([taken]);
    expect(appended.at(-1)?.map(({ runId }) => runId)).toEqual([fresh]);
  });

  test('takes a repeated request for done', async () => {
    const runId = randomUUID();
    const { batcher } = givenBatcher([[{ index: 0, reason: 'request-seen', key: 'again' }]]);
    expect(await batcher.handle(startOf(runId, 'again'))).toBe('ignored');
  });

  test('gives up on a run that never stops changing under it, and asks for the message to come again', async () => {
    const runId = randomUUID();
    const always = Array.from({ length: 20 }, () => [{ index: 0, reason: 'version-conflict', key: runId } as const]);
    const { batcher } = givenBatcher(always);
    await expect(batcher.handle(startOf(runId))).rejects.toMatchObject({
      code: 'append-contention',
      retryAfterMs: 500,
    });
  });

  test('puts a message that cannot be decided aside, without harm to the others', async () => {
    const [bad, good] = [randomUUID(), randomUUID()];
    const { batcher, parked } = givenBatcher();
    const start = startOf(bad);
    const broken = { ...start, order: { ...start.order, submission: null } as never as RunOrder };
    const outcomes = await Promise.all([batcher.handle(broken), batcher.handle(startOf(good))]);
    expect(outcomes).toEqual(['put-aside', 'committed']);
    expect(parked.map(({ message }) => message.runId)).toEqual([bad]);
  });

  test('fails the messages of a batch that could not be written, so that they come again', async () => {
    const runId = randomUUID();
    const { batcher, ports } = givenBatcher();
    const append = () => Promise.reject(new Error('the connection was lost'));
    const failing = new Batcher({ ...ports, store: { ...ports.store, append } });
    await expect(failing.handle(startOf(runId))).rejects.toMatchObject({ code: 'append-failed', retryAfterMs: 500 });
    expect(await batcher.handle(startOf(runId))).toBe('committed');
  });

  test('does not believe a state it kept that a message has no effect: another hub may have taken the run further', async () => {
    const runId = randomUUID();
    const { batcher, ports, runs } = givenBatcher();
    await batcher.handle(startOf(runId));
    const other = new Batcher({
      ...ports,
      store: {
        ...ports.store,
        append: async (seq, items) => {
          const answer = await ports.store.append(seq, items);
          const events = items.flatMap((item) =>
            item.events.map(({ type, data, document }) => upcast(type, 1, data, document)),
          );
          const state = events.reduce(evolve, runs.get(runId)?.state ?? initialState);
          runs.set(runId, { state, version: (items[0]?.expectedVersion ?? 0) + events.length, segment: emptySegment });
          return answer;
        },
      },
    });
    const begun = givenBatcher();
    await begun.batcher.handle(startOf(runId));
    const beginning = begun.appended
      .flat()
      .flatMap(({ events }) => events.map(({ type, data, document }) => upcast(type, 1, data, document)));
    runs.set(runId, {
      state: beginning.reduce(evolve, initialState),
      version: beginning.length,
      segment: emptySegment,
    });
    expect(await other.handle(answerOf(runId, 1))).toBe('committed');
    expect(await batcher.handle(answerOf(runId, 2))).toBe('committed');
  });

  test('settles a duplicate only with the commit of what makes it one', async () => {
    const { ports } = givenBatcher();
    const append = () => Promise.reject(new Error('the connection was lost'));
    const failing = new Batcher({ ...ports, store: { ...ports.store, append } });
    const runId = randomUUID();
    const outcomes = await Promise.allSettled([failing.handle(startOf(runId)), failing.handle(startOf(runId))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('puts aside the one message whose advance the database cannot hold, and writes the others', async () => {
    const [bad, good] = [randomUUID(), randomUUID()];
    const { ports, parked, appended } = givenBatcher();
    const append: typeof ports.store.append = (seq, items) =>
      items.some(({ requests }) => requests.includes('bad'))
        ? Promise.reject(new BatonError('"+010000" is not a time.', { code: 'invalid-append' }))
        : ports.store.append(seq, items);
    const batcher = new Batcher({ ...ports, store: { ...ports.store, append } });
    const outcomes = await Promise.all([
      batcher.handle(startOf(good, 'good')),
      batcher.handle(startOf(bad, 'bad')),
      batcher.handle(answerOf(good, 1)),
    ]);
    expect(outcomes).toEqual(['committed', 'put-aside', 'committed']);
    expect(parked.map(({ message }) => message.requestId)).toEqual(['bad']);
    expect(appended.flat().map(({ runId }) => runId)).toEqual([good, good]);
  });

  test('moves large arguments to the blob store before the commit', async () => {
    const { batcher, appended, blobs } = givenBatcher();
    const runId = randomUUID();
    const big = 'x'.repeat(20_000);
    await batcher.handle(startOf(runId, 'big', { big }));
    const [command] = appended[0]?.[0]?.commands ?? [];
    expect(command?.message).toMatchObject({ blobRef: { sha256: 'f'.repeat(64) } });
    expect(command?.message).not.toHaveProperty('arguments');
    expect(blobs).toEqual([JSON.stringify({ big })]);
  });

  test('settles what it has taken before it stops, and takes no more', async () => {
    const { batcher } = givenBatcher();
    const taken = batcher.handle(startOf(randomUUID()));
    const stopped = batcher.stop();
    await expect(batcher.handle(startOf(randomUUID()))).rejects.toMatchObject({ code: 'hub-stopping' });
    await stopped;
    expect(await taken).toBe('committed');
  });
});

test('a task that the hub itself gives up is no word of its worker', async () => {
  const { batcher, appended } = givenBatcher();
  const runId = randomUUID();
  await batcher.handle(startOf(runId));
  const failed = { type: 'FailTask', error: 'Baton.WorkerCrashed', cause: 'no result', retryable: true } as const;
  const actor = { type: 'system', id: 'orchestrator' } as const;
  await batcher.handle({ ...answerOf(runId, 1), order: { ...failed, commandId: commandIdOf(runId, 1) }, actor });
  const event = appended.flatMap((items) => items.flatMap((item) => item.events)).find((e) => e.type === 'TaskFailed');
  expect(event?.actor).toEqual(actor);
});

test('every event names its actor: who said it, and for all that follows the hub itself', async () => {
  const { batcher, appended } = givenBatcher();
  const runId = randomUUID();
  await batcher.handle(startOf(runId));
  await batcher.handle(answerOf(runId, 1));
  const actors = appended.flat().flatMap(({ events }) => events.map(({ type, actor }) => `${type} by ${actor.id}`));
  expect(actors).toContain('RunStarted by test');
  expect(actors).toContain('TaskSucceeded by a');
  expect(actors).toContain('TaskScheduled by orchestrator');
  expect(actors).toContain('StateExited by orchestrator');
});

test('a decision is recorded with the time the hub took over it', async () => {
  const { ports, appended } = givenBatcher();
  let ticks = 0;
  const batcher = new Batcher({ ...ports, monotonicMs: () => 100 + 0.25 * ticks++ });
  const runId = randomUUID();
  await batcher.handle(startOf(runId));
  const failed = {
    type: 'FailTask',
    commandId: commandIdOf(runId, 1),
    error: 'X',
    cause: '',
    retryable: false,
  } as const;
  await batcher.handle({ ...answerOf(runId, 1), order: failed });
  const [decision] = appended.flat().flatMap(({ events }) => events.filter(({ type }) => type === 'DecisionMade'));
  expect(decision?.data).toMatchObject({ decision: { point: { kind: 'task-failed' }, latencyMs: expect.any(Number) } });
  expect(decision?.data).not.toMatchObject({ decision: { latencyMs: 0 } });
});
