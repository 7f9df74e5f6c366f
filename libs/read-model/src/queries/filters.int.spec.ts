import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, planOf, type TestDatabase } from '@baton/event-store/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readModelMigrations } from '../migrations.js';
import { listApprovals } from './list-approvals.js';
import { listDecisions } from './list-decisions.js';
import { listRuns } from './list-runs.js';

let database: TestDatabase;
let gateway: Pool;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  gateway = createPool(database.url, { role: 'gateway', applicationName: 'filters-test' });
  owner = createPool(database.url, { role: 'owner', max: 1, applicationName: 'filters-test' });
  await owner.query(
    `insert into baton.run_view (run_id, version, status, workflow, labels, started_at, submitted_by, view, memory,
                                 words, ended_at, cost_micro_usd, cost_digits)
     select gen_random_uuid(), 1, 'running', 'w' || n % 50, jsonb_build_object('n', n::text), now() - n * interval '1 s',
            'apikey:k' || n % 50, '{}', '{}',
            array_to_tsvector(array['all', 'n' || n]), now() - n * interval '1 s', n % 1000, length((n % 1000)::text)
       from generate_series(1, 20000) n`,
  );
  await owner.query(
    `insert into baton.decision_view (run_id, decision_id, workflow, position, version, decided_at, source, record)
     select gen_random_uuid(), 'd', 'w' || n % 50, n, 1, now(), 'programmatic', '{}' from generate_series(1, 20000) n`,
  );
  await owner.query(
    `insert into baton.command (seq, command_id, lane, run_id, queue, name, message, priority)
     select n, 'c' || n, 0, gen_random_uuid(), 'worker', 'task', '{}', 1 from generate_series(1, 20000) n`,
  );
  await owner.query('analyze baton.run_view, baton.decision_view, baton.command');
});
afterAll(async () => {
  await Promise.all([gateway?.end(), owner?.end()]);
  await database?.drop();
});

/** A workflow that nobody has, so that nothing is read of the rows. */
const workflow = 'nobodys';

test.each([
  ['runs of a workflow', 'run_view_workflow', (pool: Pool) => listRuns(pool, { workflow }, 20)],
  ['runs with a status', 'run_view_status', (pool: Pool) => listRuns(pool, { status: 'failed' }, 20)],
  ['runs that decide in a mode', 'run_view_mode', (pool: Pool) => listRuns(pool, { mode: 'llm' }, 20)],
  ['runs with a word', 'run_view_words', (pool: Pool) => listRuns(pool, { text: 'nobodys all' }, 20)],
  [
    'runs that ended in a time',
    'run_view_ended',
    (pool: Pool) => listRuns(pool, { endedAfter: '2000-01-01T00:00:00Z', endedBefore: '2000-01-02T00:00:00Z' }, 20),
  ],
  [
    'runs that began in a time',
    'run_view_newest',
    (pool: Pool) => listRuns(pool, { startedAfter: '2000-01-01T00:00:00Z', startedBefore: '2000-01-02T00:00:00Z' }, 20),
  ],
  ['expensive runs', 'run_view_cost', (pool: Pool) => listRuns(pool, { minCostUsd: 1 }, 20)],
  ['runs that ask a person', 'run_view_person_asked', (pool: Pool) => listRuns(pool, { waitingFor: 'approval' }, 20)],
  ['runs with a label', 'run_view_labels', (pool: Pool) => listRuns(pool, { labels: { n: 'x' } }, 20)],
  [
    'runs of one submitter',
    'run_view_submitted_by',
    (pool: Pool) => listRuns(pool, { scope: { submittedBy: 'apikey:x' } }, 20),
  ],
  ['decisions of a workflow', 'decision_view_workflow', (pool: Pool) => listDecisions(pool, { workflow }, 20)],
  ['decisions of a run', 'decision_view_pkey', (pool: Pool) => listDecisions(pool, { runId: randomUUID() }, 20)],
  ['open approvals', 'command_approval', (pool: Pool) => listApprovals(pool, {}, 20)],
])('%s are found by an index', async (_, index, list) => {
  const plan = await planOf(gateway, list);
  expect(plan).toContain(index);
  expect(plan).not.toMatch(/Seq Scan on (run_view|decision_view|command)\b/);
});
