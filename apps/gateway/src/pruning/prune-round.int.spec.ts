import { randomBytes, randomUUID } from 'node:crypto';
import { createPool, erasePersonal, getBytes, personalKeyStore, putBytes } from '@baton/event-store';
import { Sealer } from '@baton/personal-data';
import { runStarted, until } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';
import { KeepVariables, type KeptFor, keptFor } from './prune-env.js';
import { pruneRound } from './prune-round.js';

let gateway: TestGateway;
let owner: Pool;
let pool: Pool;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'pruning', max: 2 });
  pool = createPool(gateway.databaseUrl, { role: 'gateway', applicationName: 'pruning', max: 4 });
});
afterAll(async () => {
  await Promise.all([owner?.end(), pool?.end()]);
  await gateway?.stop();
});

const FOR_EVER: KeptFor = { blobs: null, requests: null, deadLetters: null, accessLog: null };
const usual = keptFor(KeepVariables.parse({}));
const sealerOn = (connection: Pool) => new Sealer(personalKeyStore(connection));
const { signal } = new AbortController();
const round = (kept: KeptFor = usual) => pruneRound({ pool, sealer: sealerOn(pool), keptFor: kept }, signal);
/** A search from its beginning to its end. */
async function sweep(): Promise<void> {
  await owner.query('update baton.blob_sweep set ended_at = null');
  await until('the end of the search', async () => (await round())?.sweep?.phase === 'idle');
}
async function oldBlob(): Promise<string> {
  const { sha256 } = await putBytes(owner, randomBytes(20));
  await owner.query(`update baton.blob set at = at - interval '30 days 1 second'`);
  return sha256;
}
const isThere = (sha256: string): Promise<boolean> =>
  getBytes(pool, sha256).then(
    () => true,
    () => false,
  );

test('what only a sealed value names stays, until the key of it is destroyed', async () => {
  const [sealed, open, lost] = [await oldBlob(), await oldBlob(), await oldBlob()];
  const runId = randomUUID();
  const input = { customer: 'c-17', workspace: { tree: sealed }, other: open };
  const marks = [{ subject: '/customer', places: ['/workspace'] }];
  const hidden = await sealerOn(gateway.hub).sealed(input, marks, { input, runId });
  expect(JSON.stringify(hidden)).not.toContain(sealed);
  await gateway.log.append(runId, runStarted(), {
    type: 'FrameStarted',
    data: { frame: 0, parent: null, machine: '', input: hidden },
  });
  await sweep();
  expect([await isThere(sealed), await isThere(open), await isThere(lost)]).toEqual([true, true, false]);
  await erasePersonal(pool, 'c-17', { by: { type: 'apikey', id: 'admin' }, reason: 'asked to' });
  await sweep();
  expect([await isThere(sealed), await isThere(open)]).toEqual([false, true]);
});

test('a request that was forgotten is not a second run: the same is answered the same, another is refused', async () => {
  const body = { workflow: 'two-steps', input: { requirements: 'count words' } };
  const asked = (input = body.input) =>
    gateway.post('/v1/runs', { ...body, input }, { 'idempotency-key': 'forgotten' });
  const first = await asked();
  expect(first.status).toBe(202);
  const { runId } = first.body;
  const remembered = async () =>
    (
      await owner.query(
        `select (select count(*)::int from baton.accepted_request where request_id = 'forgotten') as accepted,
                (select count(*)::int from baton.inbox where request_id = 'forgotten') as waiting,
                (select count(*)::int from baton.request where request_id = 'forgotten') as done`,
      )
    ).rows[0];
  await owner.query(`update baton.accepted_request set accepted_at = accepted_at - interval '100 days'`);
  await round();
  // It waits for the hub: that is no time to forget it.
  expect(await remembered()).toMatchObject({ accepted: 1, waiting: 1 });

  await owner.query(`delete from baton.inbox where request_id = 'forgotten'`);
  await owner.query(
    `insert into baton.request (request_id, run_id, at) values ('forgotten', $1, now() - interval '91 days')`,
    [runId],
  );
  await gateway.log.append(runId, runStarted({ requestId: 'forgotten', input: body.input }));
  await round(FOR_EVER);
  expect(await remembered()).toMatchObject({ accepted: 1, done: 1 });
  await round();
  expect(await remembered()).toEqual({ accepted: 0, waiting: 0, done: 0 });

  expect(await asked()).toMatchObject({ status: 202, body: { runId } });
  expect(await remembered()).toEqual({ accepted: 0, waiting: 0, done: 0 });
  expect(await asked({ requirements: 'something else' })).toMatchObject({
    status: 422,
    body: { code: 'idempotency-conflict' },
  });
});

test('a workspace that was uploaded long ago stays once a run is submitted with it', async () => {
  const file = await putBytes(owner, randomBytes(20));
  const tree = await putBytes(owner, Buffer.from(JSON.stringify([{ path: 'a', ...file, mode: '100644' }])));
  await owner.query(`update baton.blob set at = at - interval '30 days 1 second'`);
  const input = { requirements: `count words in ${tree.sha256}` };
  expect((await gateway.post('/v1/runs', { workflow: 'two-steps', input })).status).toBe(202);
  const { rows } = await owner.query(
    `select count(*)::int as young from baton.blob where at > now() - interval '1 hour'`,
  );
  expect(rows[0]).toEqual({ young: 2 });
});

test('one process at a time prunes', async () => {
  const rounds = await Promise.all([round(), round(), round()]);
  expect(rounds.filter((done) => done !== null).length).toBeGreaterThan(0);
  const client = await owner.connect();
  await client.query(`select pg_advisory_lock(hashtext('baton:prune'))`);
  expect(await round()).toBeNull();
  client.release(true);
  await until('the lock is free', async () => (await round()) !== null);
});

test.each([
  ['BATON_KEEP_BLOBS_DAYS', '1'],
  ['BATON_KEEP_REQUESTS_DAYS', 'ever'],
  ['BATON_KEEP_DEAD_LETTERS_DAYS', '6.5'],
  ['BATON_KEEP_ACCESS_LOG_DAYS', '29'],
])('%s of %s is refused at the start', (name, value) => {
  expect(KeepVariables.safeParse({ [name]: value }).success).toBe(false);
  expect(keptFor(KeepVariables.parse({ [name]: '0' }))).toMatchObject({});
});
