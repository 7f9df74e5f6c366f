import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import type { AppendItem } from './batch.js';
import type { Lane } from './lanes.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aCommand, aLane, anItem } from './testing/store.js';

const MANY = 2_000;
/** A turn touches a handful of rows of each table, through an index. */
const FEW = 20;

let database: TestDatabase;
let pool: Pool;
let lane: Lane;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  // One connection: its plans are made once, while the tables are empty, as those of a hub that is there from the beginning.
  pool = createPool(database.url, { role: 'hub', applicationName: 'append-reads-test', max: 1 });
  lane = await aLane(pool);
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

const submission = (): AppendItem =>
  anItem(randomUUID(), { requests: [randomUUID()], commands: [aCommand(randomUUID())] });

test('what an append reads does not grow with all that was written on its connection before', async () => {
  const first = submission();
  await appendBatch(pool, lane, 0, [first]);
  await appendBatch(pool, lane, 0, Array.from({ length: MANY }, submission));

  const next = submission();
  const result: AppendItem = {
    ...anItem(first.runId, { expectedVersion: 1, commands: [aCommand(randomUUID())] }),
    consume: first.commands.map(({ commandId }) => commandId),
  };
  for (const item of [next, result]) {
    const before = await rowsRead();
    expect(await appendBatch(pool, lane, 0, [item])).toMatchObject({ ok: true });
    const after = await rowsRead();
    for (const [table, rows] of after) expect(rows - (before.get(table) ?? 0), table).toBeLessThan(FEW);
  }
});

/** Rows of each table that were read so far, whatever way. */
async function rowsRead(): Promise<ReadonlyMap<string, number>> {
  await pool.query('select pg_stat_force_next_flush()');
  const { rows } = await pool.query<{ readonly relname: string; readonly read: number }>(
    `select relname, (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::float8 as read
       from pg_stat_all_tables where schemaname = 'baton'`,
  );
  return new Map(rows.map(({ relname, read }) => [relname, read]));
}
