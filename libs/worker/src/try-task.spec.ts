import { expect, test } from 'vitest';
import { z } from 'zod';
import { tryTask } from './testing/try-task.js';

class TooShort extends Error {}

const work = {
  input: z.strictObject({ text: z.string() }),
  output: z.object({ words: z.int() }),
  handle: ({ text }: { text: string }, { heartbeat }: { heartbeat: (progress: string) => void }) => {
    heartbeat('counting');
    if (text === '') throw new TooShort('no text');
    return { words: text.split(' ').length };
  },
};

test('work is tried without a stack, and says what it says of its progress', async () => {
  expect(await tryTask(work, { text: 'two words' })).toEqual({
    result: { ok: true, output: { words: 2 } },
    heartbeats: ['counting'],
  });
});

test('what the work throws, and arguments that do not fit, are the failures that a workflow would see', async () => {
  expect((await tryTask(work, { text: '' })).result).toMatchObject({ ok: false, error: 'TooShort' });
  expect((await tryTask(work, { words: 1 })).result).toMatchObject({ ok: false, retryable: false });
});

test('a second delivery reads what the first one noted, and blobs are kept within a task', async () => {
  const journal = new Map();
  const noting = {
    input: z.strictObject({}),
    output: z.object({ paid: z.boolean(), size: z.int() }),
    handle: async (_: unknown, given: Parameters<Parameters<typeof tryTask>[0]['handle']>[1]) => {
      const before = await given.journal.read(0);
      await given.journal.write(0, 'paid');
      const { sha256 } = await given.blobs.put(Buffer.from('abc'));
      return { paid: before === null, size: (await given.blobs.get(sha256)).length };
    },
  };
  const outputs = [await tryTask(noting, {}, { journal }), await tryTask(noting, {}, { journal })];
  expect(outputs.map(({ result }) => result)).toEqual([
    { ok: true, output: { paid: true, size: 3 } },
    { ok: true, output: { paid: false, size: 3 } },
  ]);
});
