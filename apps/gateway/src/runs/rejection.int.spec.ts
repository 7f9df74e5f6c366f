import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations, recordDeadLetter } from '@baton/event-store';
import { createTestDatabase, planOf, type TestDatabase } from '@baton/event-store/testing';
import { readModelMigrations } from '@baton/read-model';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { rejectionOf } from './rejection.js';
import { rememberRequest } from './remember-request.js';

let database: TestDatabase;
let gateway: Pool;
let hub: Pool;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  const open = (role: 'gateway' | 'hub' | 'owner') =>
    createPool(database.url, { role, applicationName: 'rejection-test' });
  [gateway, hub, owner] = [open('gateway'), open('hub'), open('owner')];
});
afterAll(async () => {
  await Promise.all([gateway?.end(), hub?.end(), owner?.end()]);
  await database?.drop();
});

const letter = (reason: string, over: { name?: string; requestId?: string; runId?: string }) =>
  recordDeadLetter(hub, { source: 'test', name: 'submit', reason, message: '{}', ...over });

test('the newest letter counts, whether it names the run or the request that was to begin it', async () => {
  const runId = randomUUID();
  await rememberRequest(gateway, { requestId: 'one', runId, sha256: 'a'.repeat(64), view: null });
  expect(await rejectionOf(gateway, runId)).toBeNull();
  await letter('by its request', { requestId: 'one' });
  expect(await rejectionOf(gateway, runId)).toBe('by its request');
  await letter('by its id', { runId });
  expect(await rejectionOf(gateway, runId.toUpperCase())).toBe('by its id');
  await letter('by its request again', { requestId: 'one' });
  await letter('about a run that exists', { name: 'signal', runId });
  expect(await rejectionOf(gateway, runId)).toBe('by its request again');
  expect(await rejectionOf(gateway, 'no id\u0000')).toBeNull();
});

test('it is looked up by indexes, however many letters there are', async () => {
  await owner.query(
    `insert into baton.accepted_request (request_id, run_id, sha256)
     select 'many-' || n, gen_random_uuid(), sha256('x') from generate_series(1, 20000) n`,
  );
  await owner.query(
    `insert into baton.dead_letter (source, name, reason, message, request_id, run_id)
     select 'test', 'submit', 'no', '{}', 'many-' || n, gen_random_uuid() from generate_series(1, 20000) n`,
  );
  await owner.query('analyze baton.dead_letter, baton.accepted_request');
  const plan = await planOf(gateway, (pool) => rejectionOf(pool, randomUUID()));
  for (const index of ['dead_letter_run', 'dead_letter_request', 'accepted_request_run']) expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan');
});
