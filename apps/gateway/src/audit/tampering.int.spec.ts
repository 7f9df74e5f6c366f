import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accessHead, createPool, eventStoreMigrations, putBytes } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { generateSignerKey, journalHash, signAccessAnchor } from '@baton/proof';
import { Projector, readModelMigrations, verifyViews } from '@baton/read-model';
import { openTestLog, runStarted, until } from '@baton/read-model/testing';
import pg, { type Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { LogDiverges } from '../checkpoints/log-diverges.js';
import { makeCheckpoint, originOf } from '../checkpoints/make-checkpoint.js';
import { type ArchiveFolder, archiveFolder } from '../publication/archive-folder.js';
import { folderPublication } from '../publication/folder.js';
import { ACCESS_LATEST, accessName, checkpointName, LATEST, type Publication } from '../publication/publication.js';
import { BASE, CHANGED, FILE, JOURNAL, OTHER_FILE, SHOWN, sha256, TREE } from '../testing/named-content.js';
import { forged, noted, REFUSED_BY_SIGNING, sql, type Tamper, tampers } from '../testing/tampers.js';
import { verifyOneRun, verifyWhole } from './verify-log.js';

/*
 * What somebody may do who is the superuser of the database, and what is found of it. They can switch off every trigger and
 * compute every hash anew; what they cannot do is sign, or change what was published.
 */

let origin: TestDatabase;
let backup: string;
let folder: string;
let publication: Publication;
let keys: string;
let archives: ArchiveFolder;
const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
const COMMAND = `${third}-1`;
const EVENTS = 11;

const taskDone = {
  type: 'TaskSucceeded',
  data: {
    visit: 1,
    commandId: COMMAND,
    output: { answer: 42, workspace: { base: sha256(BASE), tree: sha256(TREE) } },
    journaled: { entries: JOURNAL.length, sha256: journalHash(JOURNAL) },
  },
} as const;
const entered = { type: 'StateEntered', data: { visit: 1, frame: 0, state: 'Plan' } } as const;
const framed = { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input: {} } } as const;
const scheduled = {
  type: 'TaskScheduled',
  data: {
    visit: 1,
    commandId: COMMAND,
    resource: 'baton:worker:programmer',
    arguments: {},
    attempt: 1,
    notBefore: null,
    deadline: null,
    heartbeatSeconds: null,
  },
} as const;

const asAdmin = async <T>(run: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  return run(client).finally(() => client.end());
};
const nameOf = (url: string): string => new URL(url).pathname.slice(1);
const urlOf = (name: string): string => Object.assign(new URL(origin.url), { pathname: `/${name}` }).href;

async function copyOf(name: string): Promise<string> {
  const copy = `test_${randomUUID().replaceAll('-', '')}`;
  // Whoever left the database a moment ago is seen in it a little longer.
  const made = () => asAdmin((client) => client.query(`create database ${copy} template ${name}`)).then(() => true);
  await until('the copy of a database', () => made().catch(() => false));
  return copy;
}
const dropped = (name: string): Promise<unknown> =>
  asAdmin((client) => client.query(`drop database if exists ${name} with (force)`));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-audit-'));
  keys = join(folder, 'keys');
  archives = archiveFolder(join(folder, 'archive'));
  publication = folderPublication(join(folder, 'checkpoints'));
  origin = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  const pool = createPool(origin.url, { role: 'gateway', max: 4, applicationName: 'tampering' });
  const owner = createPool(origin.url, { role: 'owner', max: 1, applicationName: 'tampering' });
  const log = await openTestLog(origin.url);
  await log.append(first, runStarted(), framed, { type: 'RunSucceeded', data: { output: 1 } });
  await owner.query(
    'insert into baton.llm_journal (command_id, call_index, response) values ($1, 0, $2), ($1, 1, $3), ($1, 2, $4)',
    [COMMAND, ...JOURNAL.map(({ text }) => text)],
  );
  for (const id of ['bob', 'eve']) await owner.query(noted('key-created', id));
  for (const content of ['named by nobody', SHOWN, CHANGED, FILE, OTHER_FILE, BASE, TREE]) {
    await putBytes(owner, Buffer.from(content));
  }
  expect(await makeCheckpoint({ pool, publication, keys })).toMatchObject({ size: 3 });
  await log.append(second, runStarted(), framed, { type: 'RunSucceeded', data: { output: 2 } });
  await owner.end();
  backup = '';
  const projector = Projector.start({ pool, log: { info: () => {}, warn: () => {}, fatal: () => {} } });
  await until('the views', async () => (await verifyViews(pool)).verified);
  await projector.stop();
  await pool.end();
  await log.close();
  backup = await copyOf(nameOf(origin.url));
  const later = createPool(origin.url, { role: 'gateway', max: 4, applicationName: 'tampering' });
  const on = await openTestLog(origin.url);
  await on.append(third, runStarted(), framed, entered, scheduled, taskDone);
  const goesOn = Projector.start({ pool: later, log: { info: () => {}, warn: () => {}, fatal: () => {} } });
  await until('the views', async () => (await verifyViews(later)).verified);
  await goesOn.stop();
  for (const id of ['mallory', 'mallory']) await later.query(noted('key-revoked', id));
  expect(await makeCheckpoint({ pool: later, publication, keys })).toMatchObject({ size: EVENTS });
  await later.end();
  await on.close();
});
afterAll(async () => {
  if (backup !== '') await dropped(backup);
  await origin?.drop();
  await rm(folder, { recursive: true });
});

describe('a superuser of the database', () => {
  const attempt = async (name: string, tamper: Tamper, check: (pool: Pool) => Promise<void>): Promise<void> => {
    const copy = await copyOf(name);
    const owner = createPool(urlOf(copy), { role: 'owner', max: 1, applicationName: 'tampering' });
    const pool = createPool(urlOf(copy), { role: 'gateway', max: 4, applicationName: 'tampering' });
    try {
      await owner.query('set session_replication_role = replica');
      await tamper(owner);
      await check(pool);
    } finally {
      await owner.end();
      await pool.end();
      await dropped(copy);
    }
  };

  test('has changed nothing: then nothing is found, in the whole log and in each run', async () => {
    await attempt(
      nameOf(origin.url),
      async () => {},
      async (pool) => {
        const whole = await verifyWhole({ pool, publication, keys, archives }, () => {});
        expect(whole).toMatchObject({
          verified: true,
          problem: null,
          events: 11,
          signed: { checkpoints: 2, events: 11 },
        });
        for (const runId of [first, second, third]) {
          expect(await verifyOneRun({ pool, publication, keys }, runId)).toMatchObject({ verified: true });
        }
      },
    );
  });

  test.each(tampers(second, third))('is found: %s', async (_, tamper, found) => {
    await attempt(nameOf(origin.url), tamper, async (pool) => {
      const { verified, problem } = await verifyWhole({ pool, publication, keys, archives }, () => {});
      expect(problem).toMatch(found);
      expect(verified).toBe(false);
    });
  });

  test('is not found where what was published is about to be the latest', async () => {
    const latest = (await publication.get(ACCESS_LATEST)) ?? '';
    const newest = (await publication.get(LATEST)) ?? '';
    await attempt(
      nameOf(origin.url),
      async () => {},
      async (pool) => {
        await publication.replace(ACCESS_LATEST, (await publication.get(accessName(2))) ?? '');
        await publication.replace(LATEST, (await publication.get(checkpointName(3))) ?? '');
        const verified = verifyWhole({ pool, publication, keys, archives }, () => {});
        await sleep(1_500);
        await publication.replace(LATEST, newest);
        await sleep(1_500);
        await publication.replace(ACCESS_LATEST, latest);
        expect(await verified).toMatchObject({ verified: true, problem: null });
      },
    );
  });

  test('is found: what was published of the log of access put back, or signed by somebody else', async () => {
    const latest = (await publication.get(ACCESS_LATEST)) ?? '';
    const first = (await publication.get(accessName(2))) ?? '';
    const check = async (pool: Pool, found: RegExp) => {
      expect((await verifyWhole({ pool, publication, keys, archives }, () => {})).problem).toMatch(found);
    };
    await attempt(
      nameOf(origin.url),
      async () => {},
      async (pool) => {
        try {
          await publication.replace(ACCESS_LATEST, first);
          await check(pool, /access\/latest.txt .*was put back/);
          const name = await originOf(pool);
          const forged = { origin: name, ...(await accessHead(pool)) };
          await publication.replace(ACCESS_LATEST, signAccessAnchor(forged, [generateSignerKey(name)]));
          await check(pool, /access\/latest.txt .*not signed by/);
        } finally {
          await publication.replace(ACCESS_LATEST, latest);
        }
        expect((await verifyWhole({ pool, publication, keys, archives }, () => {})).verified).toBe(true);
      },
    );
  });

  test.each([
    [
      'the tree of a result',
      TREE,
      /position 11\): the result of its task .* names the blob [0-9a-f]{64}, which is not/,
    ],
    ['the tree that a result began from', BASE, /position 11\): the result of its task .* names the blob/],
    ['a file of a tree', FILE, /position 11\): the result .* names the tree .*its file src\/b.ts .* is not there/],
    ['what a tool wrote', CHANGED, /position 11\): the journal of its task .* names the blob/],
    ['what was shown to a model', SHOWN, /position 11\): the journal of its task .* names the blob/],
  ])('is found: a blob deleted that was %s, in the whole log and in its run', async (_, content, found) => {
    const tamper = sql(`delete from baton.blob where sha256 = decode('${sha256(content)}', 'hex')`);
    await attempt(nameOf(origin.url), tamper, async (pool) => {
      for (const { verified, problem } of [
        await verifyWhole({ pool, publication, keys, archives }, () => {}),
        await verifyOneRun({ pool, publication, keys }, third),
      ]) {
        expect(problem).toMatch(found);
        expect(problem).toContain(`run ${third}, version 5`);
        expect(verified).toBe(false);
      }
      expect(await verifyOneRun({ pool, publication, keys }, first)).toMatchObject({ verified: true });
    });
  });

  test('has deleted what nobody names: that is no loss', async () => {
    const tamper = sql(`delete from baton.blob where sha256 = sha256('named by nobody')`);
    await attempt(nameOf(origin.url), tamper, async (pool) => {
      expect(await verifyWhole({ pool, publication, keys, archives }, () => {})).toMatchObject({ verified: true });
    });
  });

  test('is found: gone back to a backup, and nothing more is signed', async () => {
    await attempt(
      backup,
      async () => {},
      async (pool) => {
        expect((await verifyWhole({ pool, publication, keys, archives }, () => {})).problem).toMatch(
          /position 7 is missing/,
        );
        await expect(makeCheckpoint({ pool, publication, keys })).rejects.toThrow(LogDiverges);
      },
    );
  });

  test.each(REFUSED_BY_SIGNING)(
    'gets nothing signed that is not what was published: a log %s',
    async (_, tamper, found) => {
      await attempt(nameOf(origin.url), tamper, async (pool) => {
        const failure = await makeCheckpoint({ pool, publication, keys }).catch((thrown: unknown) => thrown);
        expect(failure).toBeInstanceOf(LogDiverges);
        expect(String(failure)).toMatch(found);
      });
    },
  );

  test('is found in a single run, too: an event whose hash fits', async () => {
    const tamper = forged(`update baton.event set data = '{"output":7}' where position = 3`);
    await attempt(nameOf(origin.url), tamper, async (pool) => {
      const { problem } = await verifyOneRun({ pool, publication, keys }, first);
      expect(problem).toMatch(/position 3 .*not what was signed/);
      expect((await verifyOneRun({ pool, publication, keys }, second)).verified).toBe(true);
    });
  });

  test('is found in a single run, too: what was said to the model of a task', async () => {
    const tamper = sql(`update baton.llm_journal set response = '{"text":"no"}' where call_index = 1`);
    await attempt(nameOf(origin.url), tamper, async (pool) => {
      const { verified, problem } = await verifyOneRun({ pool, publication, keys }, third);
      expect(problem).toMatch(/position 11\): the journal .*hash differs/);
      expect(verified).toBe(false);
      expect((await verifyOneRun({ pool, publication, keys }, first)).verified).toBe(true);
    });
  });
});
