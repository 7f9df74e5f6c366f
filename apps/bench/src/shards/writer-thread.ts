import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createPool } from '@baton/event-store';
import { appendTurns } from '@baton/event-store/testing';
import { z } from 'zod';

/** One hub that only appends: as fast as it is answered, a batch after the other, from the word on and for so long. */

const Asked = z.object({ url: z.string(), turnsInBatch: z.number(), seconds: z.number() });

const { url, turnsInBatch, seconds } = Asked.parse(workerData);
const port: MessagePort | null = parentPort;
const pool = createPool(url, { role: 'hub', applicationName: 'baton-bench', max: 1 });
const writer = await appendTurns(pool, turnsInBatch);
await new Promise((resolve) => {
  port?.once('message', resolve);
  port?.postMessage('ready');
});
const turns = await writer.until(performance.now() + seconds * 1_000);
await writer.stop();
await pool.end();
port?.postMessage({ turns });
