import { hash, randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations, putBytes } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { Projector, readModelMigrations, verifyViews } from '@baton/read-model';
import { openTestLog, runStarted, type TestLog, until } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { archiveFolder } from '../publication/archive-folder.js';
import { verifyOneRun, verifyWhole } from './verify-log.js';

let database: TestDatabase;
let owner: Pool;
let pool: Pool;
let log: TestLog;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  owner = createPool(database.url, { role: 'owner', applicationName: 'named-blobs', max: 1 });
  pool = createPool(database.url, { role: 'gateway', applicationName: 'named-blobs', max: 4 });
  log = await openTestLog(database.url);
});
afterAll(async () => {
  await Promise.all([owner?.end(), pool?.end(), log?.close()]);
  await database?.drop();
});

const parts = () => ({ pool, publication: null, keys: '', archives: archiveFolder('/nowhere') });
const whole = async () => {
  const projector = Projector.start({ pool, log: { info: () => {}, warn: () => {}, fatal: () => {} } });
  await until('the views', async () => (await verifyViews(pool)).verified);
  await projector.stop();
  return verifyWhole(parts(), () => {});
};
const NOWHERE = hash('sha256', 'never stored', 'hex');

/** A run whose one task says that it made a version of a workspace. */
async function aRun(resource: string, tree: string): Promise<string> {
  const runId = randomUUID();
  const commandId = `${runId}-1`;
  const none = { notBefore: null, deadline: null, heartbeatSeconds: null };
  await log.append(
    runId,
    runStarted({ input: { workspace: { tree } } }),
    { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input: { sha256: tree } } },
    { type: 'StateEntered', data: { visit: 1, frame: 0, state: 'Plan' } },
    {
      type: 'TaskScheduled',
      data: { visit: 1, commandId, resource, arguments: { workspace: { tree } }, attempt: 1, ...none },
    },
    { type: 'TaskSucceeded', data: { visit: 1, commandId, output: { workspace: { base: tree, tree } } } },
  );
  return runId;
}

test('what only a user or a worker of a user says is no loss: nobody knows that it ever was there', async () => {
  const runId = await aRun('baton:worker:mine', NOWHERE);
  expect(await whole()).toMatchObject({ verified: true });
  expect(await verifyOneRun(parts(), runId)).toMatchObject({ verified: true });
});

test('a tree that is none, and one that names itself, end nobody and are no loss', async () => {
  for (const content of ['[', '[1,null,"x"]', '{"a":1}', '[{"path":"a","sha256":"no","size":1}]', '\u0000\u0001']) {
    const { sha256 } = await putBytes(owner, Buffer.from(content));
    await aRun('baton:worker:programmer', sha256);
  }
  expect(await whole()).toMatchObject({ verified: true });
});

test('a version of a lineage whose file is gone is found, and the text of a template', async () => {
  const { sha256: file } = await putBytes(owner, Buffer.from('a file of a lineage'));
  const { sha256: tree } = await putBytes(
    owner,
    Buffer.from(JSON.stringify([{ mode: '100644', path: 'a.ts', sha256: file, size: 19 }])),
  );
  await owner.query(`select baton.create_lineage('main', decode($1, 'hex'), '{}', '{}')`, [tree]);
  expect(await whole()).toMatchObject({ verified: true });
  await owner.query(`delete from baton.blob where sha256 = decode($1, 'hex')`, [file]);
  expect((await whole()).problem).toMatch(/^version 1 of the lineage main names the tree .*its file a.ts/);
  await putBytes(owner, Buffer.from('a file of a lineage'));
  await owner.query(
    `insert into baton.template_version (id, variant, sha256, version) values ('plan', 'main', decode($1, 'hex'), '1')`,
    [NOWHERE],
  );
  expect((await whole()).problem).toBe(
    `the text of the template plan (main) names the blob ${NOWHERE}, which is not there`,
  );
});
