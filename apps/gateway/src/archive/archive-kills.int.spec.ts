import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { archivedTotals, inTransaction } from '@baton/event-store';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type ArchivingGateway, startArchivingGateway } from '../testing/archiving-gateway.js';

let on: ArchivingGateway;
beforeEach(async () => {
  on = await startArchivingGateway(inject('postgresUrl'));
});
afterEach(() => on.stop());

describe('a process that is killed', () => {
  test('before it said that a file has a run leaves a file that the next one removes', async () => {
    const runId = await on.endedRun();
    await on.gateway.get('/v1/audit/export');
    const month = new Date().toISOString().slice(0, 7);
    await on.archived(1);
    await on.gateway.get(`/v1/runs/${runId}`);
    await writeFile(join(on.folder, month, `${runId}-0000ffff.jsonl.gz`), 'half of');
    await on.owner.query(`update baton.archive_later set not_before = '-infinity'`);
    await on.archived(1);
    expect(await on.files()).toHaveLength(1);
    expect((await on.files())[0]).not.toContain('0000ffff');
  });

  test('between the two transactions has lost nothing: the run is in the file, or comes back, or is cleared next', async () => {
    const [one, two] = [await on.endedRun(), await on.endedRun()];
    await on.folded();
    const views = (await on.owner.query('select * from baton.run_view')).rows;
    await on.archived(2);
    // As it is in between: what was cleared is there again, and not said to be.
    await on.owner.query('begin; update baton.archive set cleared_at = null; commit');
    for (const view of views) {
      await on.owner.query('insert into baton.run_view select * from json_populate_record(null::baton.run_view, $1)', [
        JSON.stringify({ ...view, view: JSON.parse(view.view), memory: JSON.parse(view.memory) }),
      ]);
    }
    for (const name of await on.files()) {
      const lines = gunzipSync(await readFile(join(on.folder, name)))
        .toString()
        .split('\n');
      await inTransaction(on.owner, async (client) => {
        for (const line of lines.filter((text) => text.startsWith('{"event"'))) {
          const { event } = JSON.parse(line);
          await client.query(
            `insert into baton.event select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
               baton.event_hash($2, $3, $4, $5, $6, $7, $8, $9, $12, $13)`,
            [
              event.position,
              event.runId,
              event.version,
              event.type,
              event.schemaVersion,
              event.eventId,
              event.causationId,
              event.correlationId,
              event.recordedAt,
              event.actorText,
              event.dataText,
              event.actorText,
              event.dataText,
            ],
          );
        }
      });
    }
    expect((await on.gateway.get('/v1/audit/verify')).body).toMatchObject({ verified: true, problem: null, events: 4 });
    expect((await on.gateway.get(`/v1/runs/${one}`)).body).toMatchObject({ runId: one, status: 'succeeded' });
    expect(await archivedTotals(on.owner)).toMatchObject({ runs: 1, events: 0, stillThere: 2 });
    await on.archived(0);
    expect(await archivedTotals(on.owner)).toMatchObject({ runs: 1, events: 2, stillThere: 0 });
    expect((await on.gateway.get(`/v1/runs/${two}`)).body).toMatchObject({ runId: two });
    expect((await on.gateway.get('/v1/audit/verify')).body).toMatchObject({ verified: true, problem: null, events: 4 });
  });

  test('after a run came back leaves a file that is removed next', async () => {
    const runId = await on.endedRun();
    await on.archived(1);
    const [name = ''] = await on.files();
    await rename(join(on.folder, name), join(on.home, 'kept'));
    const { rows } = await on.owner.query('select * from baton.archive');
    await rename(join(on.home, 'kept'), join(on.folder, name));
    await on.gateway.get(`/v1/runs/${runId}`);
    expect(await on.files()).toEqual([]);
    await writeFile(join(on.folder, name), 'left');
    await on.owner.query('insert into baton.archive (name, sha256, bytes, cleared_at) values ($1, $2, 1, now())', [
      name,
      rows[0].sha256,
    ]);
    await on.archived(0);
    expect(await on.files()).toEqual([]);
    expect(await on.count('archive')).toBe(0);
  });
});

test('a log is verified while runs go and come', async () => {
  for (let n = 0; n < 12; n += 1) await on.endedRun();
  const last = await on.endedRun();
  await on.gateway.get('/v1/audit/export');
  await on.folded();
  const archiving = on.gateway.post('/v1/archive');
  for (let n = 0; n < 4; n += 1) {
    expect((await on.gateway.get('/v1/audit/verify')).body).toMatchObject({
      verified: true,
      problem: null,
      events: 26,
    });
    const { fault } = (await on.gateway.get('/v1/audit/replay')).body;
    expect(fault?.problem ?? '').not.toContain('missing');
  }
  await archiving;
  await on.passed();
  await expect.poll(async () => (await archivedTotals(on.owner)).runs).toBe(13);
  const verified = on.gateway.get('/v1/audit/verify');
  await on.gateway.get(`/v1/runs/${last}`);
  expect((await verified).body).toMatchObject({ verified: true, problem: null, events: 26 });
});
