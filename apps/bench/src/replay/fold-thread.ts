import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createPool, type RunRange, runRows, withDocuments } from '@baton/event-store';
import { evolve, initialState, type RunState, readEvent } from '@baton/workflow';
import { z } from 'zod';

/** Folds runs to their states, checking the hash of each event: what a replay does without deciding. */

const Asked = z.object({ url: z.string(), head: z.number(), ranges: z.array(z.custom<RunRange>()) });

const { url, head, ranges } = Asked.parse(workerData);
const pool = createPool(url, { role: 'gateway', applicationName: 'baton-bench', max: 2 });
let events = 0;
let ended = 0;
for (const range of ranges) {
  let runId: string | null = null;
  let state: RunState = initialState;
  for await (const rows of runRows(pool, range, head)) {
    const facts = await withDocuments(
      pool,
      rows.map((row) => ({ ...row, dataText: row.data.toString() })),
    );
    for (const fact of facts) {
      if (!fact.hash.equals(fact.storedHash)) throw new Error(`the hash at ${fact.position} differs`);
      if (fact.runId !== runId) {
        ({ runId } = fact);
        state = initialState;
      }
      state = evolve(state, readEvent(fact));
      if (state.status === 'succeeded') ended += 1;
    }
    events += facts.length;
  }
}
await pool.end();
const port: MessagePort | null = parentPort;
port?.postMessage({ events, ended });
