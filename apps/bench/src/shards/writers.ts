import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

/** What writers do at once: each a thread with a connection, to the log that it is given. */
export interface Writing {
  readonly urls: readonly string[];
  readonly turnsInBatch: number;
  readonly seconds: number;
}

const Done = z.object({ turns: z.number() });

/**
 * Has a writer for each of the logs append until the time is up; they begin together.
 *
 * @returns turns a second of each
 */
export async function writeAtOnce({ urls, turnsInBatch, seconds }: Writing): Promise<readonly number[]> {
  // Compiled, also for whoever runs from the sources: a thread knows no TypeScript.
  const file = new URL('../../dist/shards/writer-thread.js', import.meta.url);
  const writers = urls.map((url) => new Worker(file, { workerData: { url, turnsInBatch, seconds } }));
  try {
    // An error of a thread rejects here, too.
    await Promise.all(writers.map((writer) => once(writer, 'message')));
    const ends = writers.map((writer) => once(writer, 'message'));
    for (const writer of writers) writer.postMessage('go');
    const done = await Promise.all(ends);
    return done.map(([message]) => Done.parse(message).turns / seconds);
  } finally {
    await Promise.all(writers.map((writer) => writer.terminate()));
  }
}
