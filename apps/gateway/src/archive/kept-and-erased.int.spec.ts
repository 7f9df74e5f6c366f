import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { personalKeyStore, putBytes } from '@baton/event-store';
import { Sealer } from '@baton/personal-data';
import { runStarted } from '@baton/read-model/testing';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { type ArchivingGateway, startArchivingGateway } from '../testing/archiving-gateway.js';

const succeeded = { type: 'RunSucceeded', data: { output: {} } } as const;

let on: ArchivingGateway;
beforeEach(async () => {
  on = await startArchivingGateway(inject('postgresUrl'));
});
afterEach(() => on.stop());

test('what was said to models goes along, also of tasks that gave no result', async () => {
  const runId = randomUUID();
  await on.gateway.log.append(runId, runStarted());
  const say = (commandId: string, index: number, text: string) =>
    on.owner.query('insert into baton.llm_journal (command_id, call_index, response) values ($1, $2, $3)', [
      commandId,
      index,
      JSON.stringify({ text }),
    ]);
  await say(`${runId}-1`, 0, 'hello');
  await say(`${runId}-1`, 1, '\u2028 ü');
  await say(`${randomUUID()}-1`, 0, 'of another run');
  await on.gateway.log.append(runId, succeeded);
  const journal = async () =>
    (await on.owner.query('select command_id, call_index, response from baton.llm_journal order by 1, 2')).rows;
  const before = await journal();
  await on.archived(1);
  expect(await journal()).toHaveLength(1);
  await on.gateway.get(`/v1/runs/${runId}`);
  expect(await journal()).toEqual(before);
});

test('a blob that was cleared away meanwhile comes back with its run', async () => {
  const { sha256 } = await putBytes(on.owner, Buffer.from('a file of the workspace'));
  const tree = await putBytes(on.owner, Buffer.from(JSON.stringify({ files: { 'a.txt': sha256 } })));
  const runId = await on.endedRun({}, { tree: tree.sha256 });
  await on.archived(1);
  await on.owner.query('delete from baton.blob');
  await on.gateway.get(`/v1/runs/${runId}`);
  expect(await on.count('blob')).toBe(2);
});

test('what is erased of somebody is in no archive any more, with the journals of the runs', async () => {
  const sealer = new Sealer(personalKeyStore(on.gateway.hub));
  const runId = randomUUID();
  const output = await sealer.sealed(
    { id: 'customer-17', mail: 'a@b.example' },
    [{ subject: '/id', places: ['/mail'] }],
    {
      runId,
      input: { id: 'customer-17' },
    },
  );
  await on.gateway.log.append(runId, runStarted());
  await on.owner.query(
    `insert into baton.llm_journal (command_id, call_index, response) values ($1, 0, '{"text":"a@b.example"}')`,
    [`${runId}-1`],
  );
  await on.gateway.log.append(runId, { type: 'RunSucceeded', data: { output } });
  await on.endedRun();
  await on.archived(2);
  expect(await on.files()).toHaveLength(2);
  const erased = await on.gateway.post('/v1/personal/erasures', { subject: 'customer-17', reason: 'asked to' });
  expect(erased).toMatchObject({ status: 200, body: { runs: 1 } });
  expect(await on.files()).toHaveLength(1);
  expect(await on.count('llm_journal')).toBe(0);
  await on.owner.query(`update baton.archive_later set not_before = '-infinity'`);
  await on.archived(1);
  for (const name of await on.files()) {
    expect(gunzipSync(await readFile(join(on.folder, name))).toString()).not.toContain('a@b.example');
  }
  expect((await on.gateway.get('/v1/audit/verify')).body).toMatchObject({ verified: true, problem: null });
});
