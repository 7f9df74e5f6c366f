import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { commandsUnadvised } from './commands.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aCommand, aLane, anItem } from './testing/store.js';

let database: TestDatabase;
let hub: Pool;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  hub = createPool(database.url, { role: 'hub', applicationName: 'commands-unadvised' });
  owner = createPool(database.url, { role: 'owner', applicationName: 'commands-unadvised' });
});
afterAll(async () => {
  await Promise.all([hub?.end(), owner?.end()]);
  await database?.drop();
});

test('what the advisor is asked is found while nobody advises, and not while somebody does', async () => {
  const run = randomUUID();
  const commands = [
    aCommand(`${run}-1`, { queue: 'worker-advisor' }),
    aCommand(`${run}-2`, { queue: 'worker-planner' }),
  ];
  expect(await appendBatch(hub, await aLane(hub), 0, [anItem(run, { commands })])).toMatchObject({ ok: true });
  const found = () => commandsUnadvised(hub, { silentMs: 10_000, limit: 10 });
  const all = [{ commandId: `${run}-1`, runId: run }];
  expect(await found()).toEqual(all);
  const worker = (kind: string, seconds: number) =>
    owner.query(
      `insert into baton.worker (worker_id, kind, description, version, host, pid, concurrency, load, started_at, seen_at)
       values ($1, $2, '', '1', 'h', 1, 1, 0, clock_timestamp(), clock_timestamp() - $3 * interval '1 second')`,
      [randomUUID(), kind, seconds],
    );
  await worker('planner', 0);
  await worker('advisor', 60);
  expect(await found()).toEqual(all);
  await worker('advisor', 1);
  expect(await found()).toEqual([]);
});
