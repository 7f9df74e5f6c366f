import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { childrenEnded, childrenToStart, orphanedRuns } from './children.js';
import { commandsDue, commandsUnadvised, outstandingCommands, undispatchedCommands } from './commands.js';
import { lanesLeftBehind } from './lanes.js';
import { versionsToLand } from './lineages.js';
import { createPool } from './pool.js';
import { findRunIds, releaseParkedRuns } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { planOf } from './testing/plan.js';

/* What orchestrators look for again and again costs the same however many runs have ended, and however many only wait. */

let database: TestDatabase;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  owner = createPool(database.url, { role: 'owner', applicationName: 'rounds-test', max: 2 });
  // Every second run is a child. A few are still open, and a few thousand wait for a date far away.
  await owner.query(
    `insert into baton.stream (run_id, version, status, first_position, last_position, parent_command)
       select gen_random_uuid(), 1, case when n <= 50 then 0 else 1 end, n, n,
              case when n % 2 = 0 then gen_random_uuid() || '-1' end
         from generate_series(1, 40000) n`,
  );
  await owner.query(
    `insert into baton.command (seq, command_id, lane, run_id, name, message, priority, deadline)
       select n, gen_random_uuid() || '-1', n % 16 + (select min(lane) from baton.lane), gen_random_uuid(), 'timer', '{}', 2,
              now() + interval '30 days'
         from generate_series(1, 40000) n`,
  );
  await owner.query(
    `insert into baton.command (seq, command_id, lane, run_id, name, message, priority)
       select 50000 + row_number() over (), parent_command, (select min(lane) from baton.lane),
              left(parent_command, 36)::uuid, 'run', '{}', 2
         from baton.stream where status = 0 and parent_command is not null`,
  );
  await owner.query('analyze');
});
afterAll(async () => {
  await owner?.end();
  await database?.drop();
});

const age = { olderThanMs: 1_000, limit: 200 };
const scope = { lanes: [1, 2], othersAfterMs: 1_000 };
test.each<[string, (pool: Pool) => Promise<unknown>]>([
  ['children that have not begun', (pool) => childrenToStart(pool, { ...age, scope })],
  ['children whose end was not told', (pool) => childrenEnded(pool, 200, scope.lanes)],
  ['runs that nobody waits for', (pool) => orphanedRuns(pool, 200)],
  ['what is due', (pool) => commandsDue(pool, 500, scope)],
  ['what nobody advises on', (pool) => commandsUnadvised(pool, { silentMs: 1_000, limit: 500, lanes: scope.lanes })],
  ['what was not sent', (pool) => undispatchedCommands(pool, { ...age, afterSeq: 0, scope })],
  ['what is out for long', (pool) => outstandingCommands(pool, { ...age, afterSeq: 0, lanes: scope.lanes })],
  ['what is out', (pool) => outstandingCommands(pool, { afterSeq: 0, limit: 200 })],
  ['versions to be landed', (pool) => versionsToLand(pool, { ...age, scope })],
  ['lanes that were left', (pool) => lanesLeftBehind(pool, 9_000)],
  ['runs that stand still', (pool) => releaseParkedRuns(pool)],
  ['runs whose id begins with a digit', (pool) => findRunIds(pool, 'a', 10)],
])('the look for %s reads no table whole', async (_, look) => {
  const plan = await planOf(owner, look);
  expect(plan).not.toMatch(/Seq Scan on (stream|command)\b/);
  // Nor by way of an index that holds all that ever had a parent: that is asked for one row at a time.
  const lines = plan.split('\n');
  const throughAll = lines.filter((line, n) => /stream_parent\b/.test(line) && !/Index Cond/.test(lines[n + 1] ?? ''));
  expect(throughAll).toEqual([]);
});
