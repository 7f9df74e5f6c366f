import { expect, test } from 'vitest';
import { journalStore } from './journal-store.js';
import type { CheckpointRecord } from './records.js';
import { blobsInMemory, journalInMemory } from './testing/journal-in-memory.js';

const value = (text: string) => ({ type: 'json', text: JSON.stringify(text) });
const recordOf = (checkpoint: string, more: Partial<CheckpointRecord> = {}): CheckpointRecord => ({
  ...{ thread: 't', namespace: '', checkpoint, parent: null, source: 'loop', step: 0 },
  ...{ head: value('head'), values: [], metadata: value('about') },
  ...more,
});
const writesOf = (task: string, index: number, text: string) => ({
  ...{ thread: 't', namespace: '', checkpoint: '1', task, path: '' },
  writes: [{ index, channel: 'c', value: value(text) }],
});
const all = { thread: null, namespace: null, checkpoint: null, before: null };

async function inOrder<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('two deliveries that keep steps in one journal find each other’s, in one order', async () => {
  const journal = journalInMemory();
  const blobs = blobsInMemory();
  const stores = [journalStore(journal, blobs), journalStore(journal, blobs)] as const;
  await Promise.all(stores.flatMap((store, n) => [1, 2, 3].map((at) => store.put(recordOf(`${at}-${n}`)))));
  expect(journal.entries).toHaveLength(6);
  const [first, second] = await Promise.all(stores.map((store) => inOrder(store.list(all))));
  expect(first).toEqual(second);
  expect(first?.map(({ checkpoint }) => checkpoint)).toEqual(['3-1', '3-0', '2-1', '2-0', '1-1', '1-0']);
});

test('what a task has written stands, and of its error, its interrupt and its answer the newest counts', async () => {
  const store = journalStore(journalInMemory(), blobsInMemory());
  for (const text of ['before', 'after']) {
    await store.putWrites(writesOf('a', 0, text));
    await store.putWrites(writesOf('a', -3, text));
  }
  const written = await store.writesOf({ thread: 't', namespace: '', checkpoint: '1' });
  expect(written.map(({ index, value: kept }) => [index, kept])).toEqual([
    [0, value('before')],
    [-3, value('after')],
  ]);
});

test('an entry has a bound, whatever a step is', async () => {
  const journal = journalInMemory();
  const blobs = blobsInMemory();
  const long = recordOf('1', {
    values: Array.from({ length: 500 }, (_, n) => [`channel-${n}`, 1, value('x'.repeat(99))]),
  });
  await journalStore(journal, blobs).put(long);
  expect(journal.entries[0]?.length).toBeLessThan(200);
  expect(await inOrder(journalStore(journal, blobs).list(all))).toMatchObject([long]);
});

test('a journal that is of something else is not written on, and a task that is closed keeps nothing more', async () => {
  const blobs = blobsInMemory();
  await expect(journalStore(journalInMemory(['{"an":"answer"}']), blobs).put(recordOf('1'))).rejects.toMatchObject({
    code: 'journal-of-something-else',
  });
  const closed = { read: async () => null, write: async () => {} };
  await expect(journalStore(closed, blobs).put(recordOf('1'))).rejects.toMatchObject({ code: 'task-closed' });
});

test('a thread that is deleted is gone for whoever has the task next', async () => {
  const journal = journalInMemory();
  const blobs = blobsInMemory();
  const store = journalStore(journal, blobs);
  await store.put(recordOf('1'));
  await store.put(recordOf('1', { thread: 'other' }));
  await store.deleteThread('t');
  const left = await inOrder(journalStore(journal, blobs).list(all));
  expect(left.map(({ thread }) => thread)).toEqual(['other']);
});
