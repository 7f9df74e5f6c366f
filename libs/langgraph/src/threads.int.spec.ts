import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { emptyCheckpoint, INTERRUPT, uuid6 } from '@langchain/langgraph-checkpoint';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { BatonCheckpointSaver } from './baton-checkpoint-saver.js';
import { openThreads, type Threads } from './open-threads.js';

let database: TestDatabase;
const opened: Threads[] = [];
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations]);
});
afterAll(async () => {
  await Promise.all(opened.map((threads) => threads.close()));
  await database.drop();
});

async function saverOf(space: string, secrets: Readonly<Record<string, string>> = {}): Promise<BatonCheckpointSaver> {
  const threads = await openThreads({ space, env: { DATABASE_URL: database.url, ...secrets } });
  opened.push(threads);
  return threads.checkpointer;
}

const META = { source: 'loop' as const, step: 0, parents: {} };
const at = (thread_id: string, checkpoint_id?: string) => ({
  configurable: { thread_id, checkpoint_ns: '', ...(checkpoint_id === undefined ? {} : { checkpoint_id }) },
});
const checkpointOf = (values: Record<string, unknown>, versions: Record<string, number>) => ({
  ...emptyCheckpoint(),
  id: uuid6(0),
  channel_values: values,
  channel_versions: versions,
});

test('two who go on from the same step have a version of the same number each, and each finds its own value', async () => {
  const saver = await saverOf('forks');
  const start = await saver.put(at('t'), checkpointOf({ a: 'start', b: 'kept' }, { a: 1, b: 1 }), META, { a: 1, b: 1 });
  const forks = await Promise.all(
    ['left', 'right'].map((a) => saver.put(start, checkpointOf({ a, b: 'kept' }, { a: 2, b: 1 }), META, { a: 2 })),
  );
  const found = await Promise.all(forks.map(async (config) => (await saver.get(config))?.channel_values));
  expect(found).toEqual([
    { a: 'left', b: 'kept' },
    { a: 'right', b: 'kept' },
  ]);
});

test('two savers that write the same at once leave one of it, and of an interrupt the newest', async () => {
  const savers = await Promise.all([saverOf('both'), saverOf('both')]);
  const config = await savers[0].put(at('t'), checkpointOf({}, {}), META, {});
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      savers[n % 2]?.putWrites(
        config,
        [
          ['a', `a${n}`],
          ['b', `b${n}`],
        ],
        'task',
      ),
    ),
  );
  for (const text of ['first', 'second']) await savers[1].putWrites(config, [[INTERRUPT, text]], 'task');
  const writes = (await savers[1].getTuple(config))?.pendingWrites ?? [];
  expect(writes.map(([, channel]) => channel)).toEqual([INTERRUPT, 'a', 'b']);
  expect(writes[0]?.[2]).toBe('second');
  // Both of one call, or none.
  expect(String(writes[1]?.[2]).slice(1)).toBe(String(writes[2]?.[2]).slice(1));
});

test('a space does not see the threads of another', async () => {
  const [mine, yours] = [await saverOf('mine'), await saverOf('yours')];
  await mine.put(at('t'), checkpointOf({}, {}), META, {});
  expect(await yours.getTuple(at('t'))).toBeUndefined();
  await yours.deleteThread('t');
  expect(await mine.getTuple(at('t'))).toBeDefined();
});

test('large values are kept once, bytes stay bytes, and a long list is read page by page', async () => {
  const saver = await saverOf('large');
  const text = 'x'.repeat(200_000);
  const bytes = new Uint8Array([0, 255, 1, 254]);
  let config = await saver.put(at('t'), checkpointOf({ text, bytes }, { text: 1, bytes: 1 }), META, {
    text: 1,
    bytes: 1,
  });
  for (let n = 0; n < 60; n += 1)
    config = await saver.put(
      config,
      checkpointOf({ text, bytes }, { text: 1, bytes: 1 }),
      { ...META, step: n + 1 },
      {},
    );
  expect(await saver.get(config)).toMatchObject({ channel_values: { text, bytes } });
  const steps: number[] = [];
  for await (const { metadata } of saver.list(at('t'))) steps.push(metadata?.step ?? -1);
  expect(steps).toEqual(Array.from({ length: 61 }, (_, n) => 60 - n));
  const pool = createPool(database.url, { role: 'owner', applicationName: 'langgraph-spec' });
  const { rows } = await pool.query('select count(*)::int as blobs from baton.blob where size > 100000');
  await pool.end();
  expect(rows).toEqual([{ blobs: 1 }]);
});

test('a secret of the process is not kept, and a name that is too long, or none, is refused', async () => {
  const saver = await saverOf('secrets', { SOME_API_KEY: 'sk-very-secret-0123456789' });
  const config = await saver.put(at('t'), checkpointOf({ a: 'by sk-very-secret-0123456789' }, { a: 1 }), META, {
    a: 1,
  });
  expect(JSON.stringify((await saver.get(config))?.channel_values)).not.toContain('very-secret');
  for (const thread of ['x'.repeat(501), 'a\0b'])
    await expect(saver.getTuple(at(thread))).rejects.toMatchObject({ code: 'graph-place' });
  await expect(saverOf('No Space')).rejects.toMatchObject({ code: 'graph-space' });
  await expect(openThreads({ space: 'a', env: { DATABASE_URL: '' } })).rejects.toMatchObject({
    code: 'invalid-environment',
  });
});
