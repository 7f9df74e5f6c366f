import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createPool, logHead, type RunRange } from '@baton/event-store';
import { createTestDatabase } from '@baton/event-store/testing';
import { rangesOf, replayLog } from '@baton/replay';
import { startEmbeddedPostgres } from '@baton/service-kit';
import type { Pool } from 'pg';
import { z } from 'zod';
import { type BenchResult, figure } from '../result.js';
import { auditedInSeconds } from './audit-log.js';
import { makeLog } from './made-log.js';

/** Parts of the log that threads take in turn. */
const PARTS = 64;
const ROUNDS = 3;

/**
 * How fast a whole log is replayed: every event read from Postgres with its hash and folded, and every order decided again; and
 * how long it takes to audit it.
 *
 * @param events how long the log is, at least
 */
export async function benchReplayLog(events: number, say: (text: string) => void): Promise<readonly BenchResult[]> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(tmpdir(), 'postgres-replay'), log: () => {} });
  try {
    const database = await createTestDatabase(postgres.url);
    const hub = createPool(database.url, { role: 'hub', applicationName: 'baton-bench', max: 1 });
    const length = await makeLog(hub, events, say);
    await hub.end();
    const owner = createPool(database.url, { role: 'owner', applicationName: 'baton-bench', max: 1 });
    await owner.query('vacuum analyze');
    await owner.end();
    const pool = createPool(database.url, { role: 'gateway', applicationName: 'baton-bench', max: 2 });
    const threads = availableParallelism();
    const of = `a log of ${length} events, ${threads} threads`;
    const folded: number[] = [];
    const verified: number[] = [];
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      folded.push(await foldedPerSecond(pool, database.url, threads));
      say(`folded: ${Math.round(folded.at(-1) ?? 0)} events/s`);
      const took = await verifiedInMs(pool, database.url, threads);
      verified.push((length / took) * 1_000);
      seconds.push(took / 1_000);
      say(`decided again: ${Math.round(verified.at(-1) ?? 0)} events/s`);
    }
    const audited = await auditedInSeconds(pool, database.url, ROUNDS, say);
    await pool.end();
    return [
      figure(`${of}: read with their hashes and folded`, 'events/s', folded),
      figure(`${of}: every order decided again`, 'events/s', verified),
      figure(`${of}: every order decided again`, 's', seconds),
      figure(`a log of ${length} events: audit verify, by a gateway`, 's', audited),
    ];
  } finally {
    await postgres.stop();
  }
}

async function foldedPerSecond(pool: Pool, url: string, threads: number): Promise<number> {
  const head = await logHead(pool);
  const ranges = rangesOf(PARTS);
  const beganMs = performance.now();
  const done = await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      inThread({ url, head, ranges: ranges.filter((__, part) => part % threads === thread) }),
    ),
  );
  const events = done.reduce((sum, each) => sum + each.events, 0);
  if (events !== head) throw new Error(`${events} of ${head} events were folded`);
  return (events / (performance.now() - beganMs)) * 1_000;
}

const Done = z.object({ events: z.number(), ended: z.number() });

function inThread(asked: { readonly url: string; readonly head: number; readonly ranges: readonly RunRange[] }) {
  return new Promise<z.infer<typeof Done>>((resolve, reject) => {
    // Compiled, also for whoever runs from the sources: a thread knows no TypeScript.
    const worker = new Worker(new URL('../../dist/replay/fold-thread.js', import.meta.url), { workerData: asked });
    worker.once('message', (message: unknown) => resolve(Done.parse(message)));
    worker.once('error', reject);
  });
}

async function verifiedInMs(pool: Pool, url: string, threads: number): Promise<number> {
  const options = { pool, url, threads, signal: new AbortController().signal, monotonicMs: () => performance.now() };
  for await (const report of replayLog(options)) {
    if (!('verified' in report)) continue;
    if (!report.verified) throw new Error(`the log did not verify: ${JSON.stringify(report.fault)}`);
    return report.durationMs;
  }
  throw new Error('the replay said nothing');
}
