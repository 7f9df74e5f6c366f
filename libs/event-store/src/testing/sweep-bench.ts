import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Pool } from 'pg';
import { appendBatch } from '../append.js';
import { type BlobSweep, markSealed, sweepBlobs } from '../blob-sweep.js';
import { getBytes, putBytes } from '../blobs.js';
import type { Lane } from '../lanes.js';
import { createPool } from '../pool.js';
import { createTestDatabase } from './database.js';
import { aLane, anEvent, anItem } from './store.js';

const DAYS = 7;

/** A database in which blobs grow old and are swept, each step by hand. */
export interface SweepBench {
  readonly owner: Pool;
  readonly gateway: Pool;
  readonly hub: Pool;
  readonly worker: Pool;
  readonly lane: Lane;
  /** A blob as it is some days after it was put. */
  readonly oldBlob: (content?: Buffer | string, days?: number) => Promise<string>;
  readonly age: (hash: string, days: number) => Promise<unknown>;
  readonly isThere: (hash: string) => Promise<boolean>;
  /** An event that names a blob. */
  readonly named: (hash: string) => Promise<void>;
  /** Puts an end to what is under way; the next step is the first one. */
  readonly beginAnew: () => Promise<unknown>;
  readonly step: () => Promise<BlobSweep>;
  /** Steps until a phase is reached. */
  readonly until: (phase: BlobSweep['phase']) => Promise<void>;
  readonly finish: () => Promise<void>;
  /** All of it, from its beginning. */
  readonly sweepAll: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param rowsAStep what a step looks at, so that much can happen between two of them; as in the product where it is left out */
export async function openSweepBench(postgresUrl: string, rowsAStep?: number): Promise<SweepBench> {
  const database = await createTestDatabase(postgresUrl);
  const open = (role: 'owner' | 'gateway' | 'hub' | 'worker') =>
    createPool(database.url, { role, applicationName: 'blob-sweep', max: 3 });
  const [owner, gateway, hub, worker] = [open('owner'), open('gateway'), open('hub'), open('worker')];
  const lane = await aLane(hub);
  if (rowsAStep !== undefined) {
    const sql = await readFile(new URL('../../functions/sweep_blobs.sql', import.meta.url), 'utf8');
    await owner.query(sql.replace('v_rows constant int := 1000', `v_rows constant int := ${rowsAStep}`));
  }
  const age: SweepBench['age'] = (hash, days) =>
    owner.query(
      `update baton.blob set at = clock_timestamp() - make_interval(days => $2) where sha256 = decode($1, 'hex')`,
      [hash, days],
    );
  const beginAnew = () => owner.query(`update baton.blob_sweep set phase = 'idle', ended_at = null`);
  const step = async (): Promise<BlobSweep> => {
    const now = await sweepBlobs(gateway, DAYS);
    if (now.phase === 'sealed') await markSealed(gateway, null, [], true);
    return now;
  };
  const until: SweepBench['until'] = async (phase) => {
    let now = await step();
    while (now.phase !== phase) {
      if (now.phase === 'idle') throw new Error(`the phase ${phase} was not reached`);
      now = await step();
    }
  };
  const finish = async () => {
    while ((await step()).phase !== 'idle') {
      // Each step goes a little further.
    }
  };
  return {
    ...{ owner, gateway, hub, worker, lane, age, beginAnew, step, until, finish },
    oldBlob: async (content = randomBytes(20), days = 30) => {
      const { sha256 } = await putBytes(worker, Buffer.from(content));
      await age(sha256, days);
      return sha256;
    },
    isThere: (hash) =>
      getBytes(gateway, hash).then(
        () => true,
        () => false,
      ),
    named: async (hash) => {
      const events = [anEvent({ data: { deep: [{ sha256: hash }] } })];
      await appendBatch(hub, lane, 0, [anItem(randomUUID(), { events })]);
    },
    sweepAll: async () => {
      await beginAnew();
      await until('sweep');
      await finish();
    },
    close: async () => {
      await Promise.all([owner, gateway, hub, worker].map((pool) => pool.end()));
      await database.drop();
    },
  };
}
