import { createWorker } from '@baton/worker';
import { z } from 'zod';

/** A failure of the work itself: workflows catch it by its name, `EmptyText`. */
class EmptyText extends Error {}

const WORDS_PER_MINUTE = 200;

const worker = await createWorker({
  kind: 'text-statistics',
  description: 'Counts the words and sentences of a text.',
  version: '1.0.0',
  input: z.strictObject({ text: z.string() }),
  output: z.object({
    words: z.int().positive(),
    sentences: z.int().positive(),
    longestWord: z.string(),
    readingMinutes: z.number().positive(),
  }),
  handle: ({ text }, { log, heartbeat, attempt }) => {
    heartbeat('counting');
    const words = text.match(/[\p{L}\p{N}’'-]+/gu) ?? [];
    if (words.length === 0) throw new EmptyText('There is no word in the text.');
    log.info({ words: words.length, attempt }, 'text measured');
    return {
      words: words.length,
      sentences: Math.max(1, text.match(/[.!?。！？]+(?=\s|$)/gu)?.length ?? 0),
      longestWord: words.reduce((longest, word) => (word.length > longest.length ? word : longest)),
      readingMinutes: words.length / WORDS_PER_MINUTE,
    };
  },
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void worker.stop(10_000));
