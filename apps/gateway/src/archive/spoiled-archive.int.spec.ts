import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type ArchivingGateway, startArchivingGateway } from '../testing/archiving-gateway.js';

let on: ArchivingGateway;
beforeEach(async () => {
  on = await startArchivingGateway(inject('postgresUrl'));
});
afterEach(() => on.stop());

describe('is found by a verification, and never shown as if it were sound', () => {
  const spoiled = async (spoil: (file: string, name: string) => Promise<void>) => {
    const runId = await on.endedRun();
    await on.endedRun();
    await on.archived(2);
    const [name = ''] = (await on.files()).filter((found) => found.includes(runId));
    await spoil(join(on.folder, name), name);
    return { runId, found: (await on.gateway.get('/v1/audit/verify')).body };
  };

  test('a file that is gone', async () => {
    const { runId, found } = await spoiled((file) => rm(file));
    expect(found).toMatchObject({ verified: false, problem: expect.stringMatching(/the archive .* is not there/) });
    expect(await on.gateway.get(`/v1/runs/${runId}`)).toMatchObject({ status: 500, body: { code: 'archive-missing' } });
  });

  test.each<readonly [string, (file: string) => Promise<void>]>([
    ['cut off', async (file) => writeFile(file, (await readFile(file)).subarray(0, 200))],
    [
      'changed',
      async (file) =>
        writeFile(
          file,
          gzipSync(
            gunzipSync(await readFile(file))
              .toString()
              .replace('count words', 'count worms'),
          ),
        ),
    ],
    ['no gzip', async (file) => writeFile(file, 'nothing')],
  ])('a file that is %s', async (_, spoil) => {
    const { runId, found } = await spoiled(spoil);
    expect(found).toMatchObject({ verified: false, problem: expect.stringMatching(/the archive /) });
    expect(await on.gateway.get(`/v1/runs/${runId}`)).toMatchObject({ status: 500, body: { code: 'archive-corrupt' } });
    expect(await on.count('event')).toBe(0);
  });

  test('a changed file with the hash to it, by the owner of the database', async () => {
    const { runId, found } = await spoiled(async (file, name) => {
      const text = gunzipSync(await readFile(file))
        .toString()
        .replace('count words', 'count worms');
      const changed = gzipSync(text);
      await writeFile(file, changed);
      await on.owner.query('update baton.archive set sha256 = sha256($1) where name = $2', [changed, name]);
    });
    expect(found).toMatchObject({ verified: false, problem: expect.stringMatching(/is not what was signed/) });
    expect(await on.gateway.get(`/v1/runs/${runId}`)).toMatchObject({ status: 500, body: { code: 'archive-corrupt' } });
    expect(await on.count('event')).toBe(0);
  });

  test('events that are in no archive, however their run is said to be in one', async () => {
    const { found } = await spoiled(async (file, name) => {
      await rm(file);
      await on.owner.query(
        'update baton.archived_run set archive_id = (select archive_id from baton.archive where name <> $1)',
        [name],
      );
      await on.owner.query('delete from baton.archive where name = $1', [name]);
    });
    expect(found).toMatchObject({ verified: false, problem: expect.stringMatching(/does not have the events of run/) });
  });

  test('a run that was taken away with its row', async () => {
    const { found } = await spoiled(async (file, name) => {
      await rm(file);
      await on.owner.query(
        'delete from baton.archived_run where archive_id = (select archive_id from baton.archive where name = $1)',
        [name],
      );
      await on.owner.query('delete from baton.archive where name = $1', [name]);
    });
    expect(found).toMatchObject({ verified: false, problem: expect.stringMatching(/missing|ends at position 0/) });
  });
});
