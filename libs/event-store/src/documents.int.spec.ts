import { createHash, randomUUID } from 'node:crypto';
import type { Json } from '@baton/contracts';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import type { NewEvent } from './batch.js';
import { type NamedDocument, withDocuments } from './documents.js';
import type { Lane } from './lanes.js';
import { createPool } from './pool.js';
import { readFacts, readLog, readLogByRun, readStream } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aLane, anEvent, anItem } from './testing/store.js';
import { verifyLog, verifyStream } from './verify.js';

let database: TestDatabase;
let hub: Pool;
let owner: Pool;
let lane: Lane;
let runId: string;

beforeEach(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  hub = createPool(database.url, { role: 'hub', applicationName: 'documents-test' });
  owner = createPool(database.url, { role: 'owner', applicationName: 'documents-test', max: 1 });
  lane = await aLane(hub);
  runId = randomUUID();
});
afterEach(async () => {
  await Promise.all([hub?.end(), owner?.end()]);
  await database?.drop();
});

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
/** Another text each time, with characters that take several bytes. */
const aDocument = (text = JSON.stringify({ title: `naïve 🚀 ${randomUUID()}` })): NamedDocument => ({
  sha256: hashOf(text),
  text,
});
const naming = (document: NamedDocument, more: { readonly [name: string]: Json } = {}): NewEvent => ({
  ...anEvent(),
  data: { documentSha256: document.sha256, ...more },
  document,
});
const stored = async (): Promise<readonly string[]> =>
  (await owner.query('select body from baton.document order by at')).rows.map(({ body }) => body);

test('a document is stored once, with the first event that names it, and every reader gets it with the event', async () => {
  const [one, other] = [aDocument(), aDocument()];
  await appendBatch(hub, lane, 0, [anItem(runId, { events: [naming(one), anEvent(), naming(one, { again: true })] })]);
  const items = [one, other, one].map((document) => anItem(randomUUID(), { events: [naming(document)] }));
  expect(await appendBatch(hub, lane, 0, items)).toMatchObject({ ok: true });
  expect([...(await stored())].sort()).toEqual([one.text, other.text].sort());
  const documentsOf = (events: readonly { readonly document?: NamedDocument | undefined }[]) =>
    events.map(({ document }) => document);
  expect(documentsOf(await readStream(hub, runId, {}))).toEqual([one, undefined, one]);
  expect(documentsOf(await readFacts(hub, runId, {}))).toEqual([one, undefined, one]);
  expect(documentsOf(await readLog(hub, { afterPosition: 3, limit: 9 }))).toEqual([one, other, one]);
  expect(documentsOf(await readLogByRun(hub, { after: null, toPosition: 9, limit: 9 }))).toHaveLength(6);
  expect(await verifyLog(hub)).toMatchObject({ verified: true, events: 6 });
});

test('only a name in front is a name: what a worker or a person says is never taken for one', async () => {
  const { sha256 } = aDocument();
  const data = [
    { output: { documentSha256: sha256 } },
    { documentSha256: 'none' },
    { output: `{"documentSha256":"${sha256}"` },
  ];
  await appendBatch(hub, lane, 0, [anItem(runId, { events: data.map((each) => ({ ...anEvent(), data: each })) })]);
  expect((await readStream(hub, runId, {})).map(({ document }) => document)).toEqual([undefined, undefined, undefined]);
  expect(await verifyLog(hub)).toMatchObject({ verified: true, events: 3 });
});

test('a batch that is refused stores nothing', async () => {
  const refused = anItem(runId, { expectedVersion: 4, events: [naming(aDocument())] });
  expect(await appendBatch(hub, lane, 0, [refused])).toMatchObject({ ok: false });
  expect(await stored()).toEqual([]);
});

test('a hub that lost its lane stores nothing', async () => {
  const gone = { ...lane, fence: lane.fence - 1 };
  const item = anItem(runId, { events: [naming(aDocument())] });
  await expect(appendBatch(hub, gone, 0, [item])).rejects.toMatchObject({ code: 'lane-fenced' });
  expect(await stored()).toEqual([]);
});

test('two hubs that begin runs of one document at the same moment both succeed', async () => {
  const document = aDocument();
  const others = await Promise.all(
    [1, 2, 3].map(async () => {
      const pool = createPool(database.url, { role: 'hub', applicationName: 'documents-test', max: 1 });
      return { pool, lane: await aLane(pool) };
    }),
  );
  try {
    const results = await Promise.all(
      others.map(({ pool, lane }) =>
        appendBatch(pool, lane, 0, [anItem(randomUUID(), { events: [naming(document)] })]),
      ),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(await stored()).toEqual([document.text]);
  } finally {
    await Promise.all(others.map(({ pool }) => pool.end()));
  }
});

test('a hub under which an older state of the database was restored stores the document again', async () => {
  const document = aDocument();
  await appendBatch(hub, lane, 0, [anItem(runId, { events: [naming(document)] })]);
  await byForce('delete from baton.document');
  const item = anItem(randomUUID(), { events: [naming(document)] });
  expect(await appendBatch(hub, lane, 0, [item])).toMatchObject({ ok: true });
  expect(await stored()).toEqual([document.text]);
});

test('a text that does not have the hash is refused, and with it the events', async () => {
  const wrong = { ...aDocument(), text: '{"title":"another"}' };
  await expect(appendBatch(hub, lane, 0, [anItem(runId, { events: [naming(wrong)] })])).rejects.toThrow('document');
  expect(await readStream(hub, runId, {})).toEqual([]);
});

test.each([`update baton.document set body = 'x'`, 'delete from baton.document', 'truncate baton.document'])(
  'even the owner of the database is stopped by a trigger: %s',
  async (statement) => {
    await appendBatch(hub, lane, 0, [anItem(runId, { events: [naming(aDocument())] })]);
    await expect(owner.query(statement)).rejects.toThrow('append-only');
  },
);

test.each(['hub', 'gateway', 'worker'] as const)('the %s role may write no document by itself', async (role) => {
  const pool = createPool(database.url, { role, applicationName: 'documents-test', max: 1 });
  try {
    const { sha256, text } = aDocument();
    const insert = pool.query('insert into baton.document (sha256, body) values ($1, $2)', [
      Buffer.from(sha256, 'hex'),
      text,
    ]);
    await expect(insert).rejects.toThrow('permission denied');
    if (role === 'hub') return;
    await expect(pool.query('select baton.name_documents($1, $2)', [[], []])).rejects.toThrow('permission denied');
  } finally {
    await pool.end();
  }
});

test.each([
  ['changed', `update baton.document set body = '{"title":"another"}'`, 'is not what was written', 'document-corrupt'],
  ['taken away', 'delete from baton.document', 'is missing', 'document-missing'],
])(
  'a document that was %s by force is found by the audit, and by whoever reads a run of it',
  async (_, sql, says, code) => {
    const document = aDocument();
    await appendBatch(hub, lane, 0, [anItem(runId, { events: [naming(document), anEvent()] })]);
    await byForce(sql);
    const problem = expect.stringMatching(new RegExp(`run ${runId}, version 1: .*${document.sha256}.* ${says}`));
    expect(await verifyLog(hub)).toMatchObject({ verified: false, events: 0, problem });
    expect(await verifyStream(hub, runId)).toMatchObject({ verified: false, problem });
    await expect(readStream(hub, runId, {})).rejects.toMatchObject({ code });
    expect((await withDocuments(hub, await readStream(hub, runId, { fromVersion: 2 }))).length).toBe(1);
  },
);

test('the audit looks at what stands in the database, also where this process knows the document', async () => {
  await appendBatch(hub, lane, 0, [anItem(runId, { events: [naming(aDocument())] })]);
  await readStream(hub, runId, {});
  await byForce(`update baton.document set body = '{}'`);
  expect(await verifyLog(hub)).toMatchObject({ verified: false });
});

/** What no role can do: as somebody would who owns the server. */
async function byForce(statement: string): Promise<void> {
  await owner.query('set session_replication_role = replica');
  await owner.query('alter table baton.document drop constraint if exists document_check');
  await owner.query(statement);
  await owner.query('set session_replication_role = origin');
}
