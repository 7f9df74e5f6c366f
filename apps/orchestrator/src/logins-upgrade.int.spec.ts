import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loginUrl } from '@baton/contracts';
import { createPool, eventStoreMigrations, getBlob, migrate, provideLogins } from '@baton/event-store';
import { createTestDatabase } from '@baton/event-store/testing';
import { openMessaging, prepareQueues } from '@baton/messaging';
import { expect, inject, test } from 'vitest';
import { FORBIDDEN, PASSWORDS, SETS } from './testing/database-with-logins.js';

/** The last migration of the event store from before there were logins. */
const LAST_BEFORE = '0005';
/** Functions on tables and functions that came later. */
const CAME_LATER =
  /^(create_lineage|land_version|closed_commands|note_access|hold_blobs|mark_sealed|missing_.*|prune_.*|sweep_blobs)\.sql$/;

test('data from before there were logins goes on: what is there stays, and from the next start each login has its rights', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'migrations-before-'));
  for (const file of await readdir(eventStoreMigrations.directory))
    if (file.slice(0, 4) <= LAST_BEFORE) await cp(join(eventStoreMigrations.directory, file), join(directory, file));
  const functions = join(directory, 'functions');
  const isOfThen = (path: string): boolean => !CAME_LATER.test(basename(path));
  await cp(eventStoreMigrations.functions ?? '', functions, { recursive: true, filter: isOfThen });
  const before = { ...eventStoreMigrations, directory, functions };
  const database = await createTestDatabase(inject('postgresUrl'), [before]);
  const owner = createPool(database.url, { role: 'owner', max: 1, applicationName: 'upgrade-test' });
  const worker = createPool(loginUrl(database.url, 'planner', PASSWORDS.planner ?? ''), {
    role: 'worker',
    max: 1,
    applicationName: 'upgrade-test',
  });
  try {
    const content = Buffer.from('written before');
    const sha256 = createHash('sha256').update(content).digest();
    await owner.query('insert into baton.blob (sha256, size, content) values ($1, $2, $3)', [
      sha256,
      content.length,
      content,
    ]);

    await migrate(database.url, SETS);
    await provideLogins(database.url, PASSWORDS);
    await prepareQueues({ backend: 'postgres', url: database.url });

    expect(await getBlob(worker, { sha256: sha256.toString('hex'), size: content.length })).toBe('written before');
    await expect(worker.query('select * from baton.blob')).rejects.toMatchObject({ code: FORBIDDEN });
    const config = { backend: 'postgres', url: loginUrl(database.url, 'planner', PASSWORDS.planner ?? '') } as const;
    const messaging = await openMessaging(config, { name: 'upgrade-test' });
    expect(await messaging.counts('worker-planner')).toMatchObject({ waiting: 0 });
    await messaging.close();
  } finally {
    await Promise.all([owner.end(), worker.end()]);
    await database.drop();
    await rm(directory, { recursive: true });
  }
});
