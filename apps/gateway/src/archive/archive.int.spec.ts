import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { archiveRule, createPool, putBytes, setArchiveRule } from '@baton/event-store';
import { verifyBundle } from '@baton/proof';
import { openTestLog, runStarted } from '@baton/read-model/testing';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { type ArchivingGateway, startArchivingGateway } from '../testing/archiving-gateway.js';

const SCRIPT = resolve(import.meta.dirname, '../../../../libs/proof/verify_bundle.py');
const succeeded = { type: 'RunSucceeded', data: { output: {} } } as const;

let on: ArchivingGateway;
beforeEach(async () => {
  on = await startArchivingGateway(inject('postgresUrl'));
});
afterEach(() => on.stop());

test('a run that ended goes to a file that proves it, and comes back as it was where somebody asks for it', async () => {
  const { sha256 } = await putBytes(on.owner, Buffer.from('a file of the workspace'));
  const runId = await on.endedRun({ team: 'data' }, { tree: sha256, text: '\u2028 ü' });
  const open = randomUUID();
  await on.gateway.log.append(open, runStarted());
  await on.folded();
  const before = {
    run: (await on.gateway.get(`/v1/runs/${runId}`)).body,
    events: (await on.gateway.get(`/v1/runs/${runId}/events`)).body,
    rows: (await on.owner.query('select * from baton.event order by position')).rows,
    stream: (await on.owner.query('select * from baton.stream order by run_id')).rows,
    views: (await on.owner.query('select * from baton.run_view order by run_id')).rows,
    used: (await on.gateway.get('/v1/usage')).body,
  };
  await on.archived(1);
  expect(await on.count('event')).toBe(1);
  expect(await on.count('stream')).toBe(1);
  expect(await on.count('run_view')).toBe(1);
  expect((await on.gateway.get('/v1/runs')).body.runs).toHaveLength(1);
  expect((await on.gateway.get('/v1/usage')).body.total.runs).toBe(1);
  expect((await on.gateway.get('/v1/archive')).body).toMatchObject({
    afterSeconds: 0,
    where: on.folder,
    problem: null,
    runs: [
      {
        runId,
        workflow: 'two-steps',
        status: 'succeeded',
        labels: { team: 'data' },
        submittedBy: 'user:ada',
        events: 2,
      },
    ],
    next: null,
  });

  const [name = ''] = await on.files();
  const lines = gunzipSync(await readFile(join(on.folder, name)))
    .toString()
    .split('\n');
  expect(await verifyBundle(lines, null)).toMatchObject({ verified: true, events: 2, runs: 1, blobs: 1 });
  const script = await new Promise<string>((done) => {
    execFile('python3', [SCRIPT, join(on.folder, name)], (_, out, err) => done(`${out}${err}`));
  });
  expect(script).toContain('verified: 2 events of 1 runs');
  expect((await on.gateway.get('/v1/audit/verify')).body).toMatchObject({
    verified: true,
    problem: null,
    events: 3,
    archived: { files: 1, runs: 1, events: 2 },
  });
  expect((await on.gateway.get('/v1/audit/replay')).body).toMatchObject({ runs: 1, events: 1 });

  expect((await on.gateway.get(`/v1/runs/${runId}`)).body).toEqual(before.run);
  expect((await on.gateway.get(`/v1/runs/${runId}/events`)).body).toEqual(before.events);
  expect((await on.owner.query('select * from baton.event order by position')).rows).toEqual(before.rows);
  expect((await on.owner.query('select * from baton.stream order by run_id')).rows).toEqual(before.stream);
  expect((await on.owner.query('select * from baton.run_view order by run_id')).rows).toEqual(before.views);
  expect((await on.gateway.get('/v1/usage')).body).toEqual(before.used);
  expect(await on.files()).toEqual([]);
  expect(await on.count('archive')).toBe(0);
  expect((await on.gateway.get('/v1/audit/verify')).body).toMatchObject({ verified: true, problem: null, events: 3 });
});

test('a run goes with those that it asked for, and not before all of them have ended', async () => {
  const [parent, child, grandchild] = [randomUUID(), randomUUID(), randomUUID()];
  await on.gateway.log.append(parent, runStarted());
  await on.gateway.log.begin(child, `${parent}-c1`, runStarted());
  await on.gateway.log.begin(grandchild, `${child}-c1`, runStarted(), succeeded);
  await on.gateway.log.append(parent, succeeded);
  await on.archived(0);
  expect(await on.files()).toEqual([]);
  await on.gateway.log.append(child, succeeded);
  await on.archived(3);
  expect(await on.files()).toHaveLength(1);
  expect((await on.gateway.get('/v1/audit/verify')).body).toMatchObject({
    verified: true,
    archived: { files: 1, runs: 3 },
  });
  expect((await on.gateway.get(`/v1/runs/${grandchild.slice(0, 12)}`)).body).toMatchObject({ runId: grandchild });
  expect(await on.count('stream')).toBe(3);
});

test('what is younger than the rule stays, and without a rule everything does', async () => {
  await setArchiveRule(on.owner, 3_600);
  await on.endedRun();
  await on.archived(0);
  await setArchiveRule(on.owner, null);
  expect(await on.gateway.post('/v1/archive')).toMatchObject({ status: 409, body: { code: 'not-archived-here' } });
  await setArchiveRule(on.owner, 0);
  await on.archived(1);
});

/** What signs the log may be at it: it waits until the work is done, and what it was quicker with is taken away. */
async function whileNothingIsSignedBeyond(size: number, work: () => Promise<void>): Promise<void> {
  await on.owner.query('alter table baton.checkpoint disable trigger all');
  const client = await on.owner.connect();
  try {
    for (;;) {
      await client.query('delete from baton.checkpoint where size > $1', [size]);
      await client.query('begin; lock table baton.checkpoint in share row exclusive mode');
      const { rowCount } = await client.query('select from baton.checkpoint where size > $1', [size]);
      if (rowCount === 0) return await work();
      await client.query('rollback');
    }
  } finally {
    await client.query('rollback');
    client.release();
  }
}

test('who may archive takes nothing away that no file has, and nothing that is open, young or unsigned', async () => {
  const ended = await on.endedRun();
  await on.gateway.get('/v1/audit/export');
  const open = randomUUID();
  await on.gateway.log.append(open, runStarted());
  const asGateway = createPool(on.gateway.databaseUrl, { role: 'gateway', max: 1, applicationName: 'test-gateway' });
  const note = (runId: string, version: number) =>
    asGateway.query(
      `select baton.archive_runs('2026-01/${runId}-00.jsonl.gz', $1, 1, array[$2::uuid], array[$3::int], array['{}'::jsonb], '{}', 0)`,
      [Buffer.alloc(32), runId, version],
    );
  try {
    await expect(note(open, 1)).rejects.toMatchObject({ code: 'BT004' });
    await expect(note(ended, 1)).rejects.toMatchObject({ code: 'BT004' });
    const unsigned = await on.endedRun();
    await whileNothingIsSignedBeyond(2, () => expect(note(unsigned, 2)).rejects.toMatchObject({ code: 'BT004' }));
    await setArchiveRule(on.owner, 60);
    await expect(note(ended, 2)).rejects.toMatchObject({ code: 'BT004' });
    await setArchiveRule(on.owner, null);
    await expect(note(ended, 2)).rejects.toMatchObject({ code: 'BT003' });
    for (const statement of [
      `update baton.archive_rule set after_seconds = 0`,
      'delete from baton.event',
      `insert into baton.archived_run select run_id, gen_random_uuid(), 1, 1, 1, null, now(), now(), '{}' from baton.stream`,
      'delete from baton.archived_run',
    ])
      await expect(asGateway.query(statement)).rejects.toMatchObject({ code: '42501' });
  } finally {
    await asGateway.end();
  }
});

test('a bundle of the whole log has the leaves of what is in archives, and still proves the rest', async () => {
  await on.endedRun();
  await on.gateway.log.append(randomUUID(), runStarted());
  await on.archived(1);
  const bundle = await fetch(`${on.gateway.url}/v1/audit/export`, {
    headers: { authorization: 'Bearer a-token-of-this-test' },
  }).then((response) => response.text());
  expect(await verifyBundle(bundle.split('\n'), null)).toMatchObject({ verified: true, events: 1, archived: 2 });
  await writeFile(join(on.home, 'whole'), bundle);
  const script = await new Promise<string>((done) => {
    execFile('python3', [SCRIPT, join(on.home, 'whole')], (_, out, err) => done(`${out}${err}`));
  });
  expect(script).toContain('verified: 1 events of 1 runs');
  const forged = bundle.replace(/"leaf":"...../, '"leaf":"AAAAA');
  expect(await verifyBundle(forged.split('\n'), null)).toMatchObject({ verified: false });
});

test('many ask for the same run at once, and it comes back once', async () => {
  const runId = await on.endedRun();
  await on.archived(1);
  const answers = await Promise.all(Array.from({ length: 20 }, () => on.gateway.get(`/v1/runs/${runId}`)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect((await on.gateway.get('/v1/audit/verify')).body).toMatchObject({ verified: true, problem: null });
  expect((await archiveRule(on.owner)).changes).toBe(3);
});

test('a key for certain runs brings back none but those', async () => {
  const runId = await on.endedRun({ team: 'data' });
  await on.archived(1);
  const key = async (team: string): Promise<string> =>
    (await on.gateway.post('/v1/auth/keys', { name: `of-${team}`, roles: ['viewer'], scope: { labels: { team } } }))
      .body.key;
  const as = (token: string) => on.gateway.bare(`/v1/runs/${runId}`, { headers: { authorization: `Bearer ${token}` } });
  expect(await as(await key('other'))).toMatchObject({ status: 404, body: { code: 'run-not-found' } });
  expect(await on.count('archived_run')).toBe(1);
  expect(await as(await key('data'))).toMatchObject({ status: 200, body: { runId } });
  expect(await on.count('archived_run')).toBe(0);
});

test('a run that was archived is not begun again by the request that began it', async () => {
  const runId = await on.endedRun();
  await on.archived(1);
  await expect(on.gateway.log.answer(runId, 'request-again', runStarted())).rejects.toThrow(
    /request-seen|version-conflict/,
  );
  const other = await openTestLog(on.gateway.databaseUrl);
  await expect(other.answer(runId, 'request-again', runStarted())).rejects.toThrow('request-seen');
  await other.close();
});

test('the list of archived runs goes on page by page', async () => {
  const runIds = [await on.endedRun(), await on.endedRun(), await on.endedRun()];
  await on.archived(3);
  const first = (await on.gateway.get('/v1/archive?limit=2')).body;
  const second = (await on.gateway.get(`/v1/archive?limit=2&cursor=${first.next}`)).body;
  expect([...first.runs, ...second.runs].map((run) => run.runId).sort()).toEqual(runIds.sort());
  expect(second.next).toBeNull();
  expect((await on.gateway.get('/v1/archive?cursor=nonsense')).status).toBe(400);
});

test('a run stays of which somebody asks for something', async () => {
  const runId = await on.endedRun();
  await on.owner.query(
    `insert into baton.inbox (request_id, name, message) values ('retry-1', 'retry', json_build_object('runId', $1::text))`,
    [runId],
  );
  await on.archived(0);
  expect(await on.files()).toEqual([]);
  await on.owner.query('delete from baton.inbox');
  await on.owner.query(`update baton.archive_later set not_before = '-infinity'`);
  await on.archived(1);
});

test('whoever brings a run back lets others append, however long its views take', async () => {
  const [back, next] = [await on.endedRun(), await on.endedRun()];
  await on.archived(2);
  await on.gateway.get(`/v1/runs/${next}`);
  await on.owner.query(`update baton.archive_later set not_before = '-infinity'`);
  const client = await on.owner.connect();
  try {
    await client.query('begin');
    await client.query('select from baton.run_view_cursor for update');
    const restored = on.gateway.get(`/v1/runs/${back}`);
    await expect
      .poll(
        async () =>
          (await on.owner.query(`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'`))
            .rows[0].n,
      )
      .toBeGreaterThan(0);
    const archiving = on.gateway.post('/v1/archive');
    await new Promise((done) => setTimeout(done, 1_000));
    await on.gateway.log.append(randomUUID(), runStarted());
    await client.query('commit');
    expect(await restored).toMatchObject({ status: 200 });
    expect((await archiving).status).toBe(200);
  } finally {
    client.release();
  }
});

test('a submission whose request is forgotten finds its run in an archive: the same is answered the same, another is refused', async () => {
  const body = { workflow: 'two-steps', input: { requirements: 'count words' } };
  const asked = (requirements: string) =>
    on.gateway.post('/v1/runs', { ...body, input: { requirements } }, { 'idempotency-key': 'forgotten' });
  const { runId } = (await asked('count words')).body;
  await on.owner.query('delete from baton.inbox');
  await on.gateway.log.append(runId, runStarted({ requestId: 'forgotten', input: body.input }), succeeded);
  await on.archived(1);
  await on.owner.query('delete from baton.accepted_request; delete from baton.request');
  expect(await asked('something else')).toMatchObject({ status: 422, body: { code: 'idempotency-conflict' } });
  expect(await asked('count words')).toMatchObject({ status: 202, body: { runId } });
  expect(await on.count('inbox')).toBe(0);
});
