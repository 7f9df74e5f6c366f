import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { readAccessLog } from './access-log.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import {
  beginWebSession,
  endWebSession,
  keepSignInCode,
  openWebSessions,
  pruneSignIns,
  takeSignInCode,
  useWebSession,
} from './web-sessions.js';

let database: TestDatabase;
let pool: Pool;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  pool = createPool(database.url, { role: 'gateway', max: 10, applicationName: 'web-sessions' });
  owner = createPool(database.url, { role: 'owner', max: 1, applicationName: 'web-sessions' });
});
afterAll(async () => {
  await owner?.end();
  await pool?.end();
  await database?.drop();
});
beforeEach(async () => {
  await owner.query('delete from baton.web_session');
  await owner.query('delete from baton.sign_in_code');
});

const credential = { held: Buffer.from('sealed') };
const note = { kind: 'signed-in', actor: null };
const actor = { type: 'user', id: 'ada' } as const;
const begin = async (before: string | null = null) => {
  const sha256 = randomBytes(32);
  return { sha256, session: await beginWebSession(pool, { sha256, credential, before, actor }, note) };
};
const change = (sql: string) => owner.query(`update baton.web_session set ${sql}`);

test('a session is found by its hash alone, with what it was begun with, until it is ended', async () => {
  const { sha256, session } = await begin();
  expect(await useWebSession(pool, sha256)).toEqual(session);
  expect(session.credential).toEqual(credential);
  expect(await useWebSession(pool, randomBytes(32))).toBeNull();
  expect(await openWebSessions(pool, [session.sessionId])).toEqual([session.sessionId]);
  expect(await endWebSession(pool, session.sessionId, { kind: 'signed-out', actor: null })).toBe(true);
  expect(await endWebSession(pool, session.sessionId, { kind: 'signed-out', actor: null })).toBe(false);
  expect(await useWebSession(pool, sha256)).toBeNull();
  expect(await openWebSessions(pool, [session.sessionId])).toEqual([]);
  const kinds = (await readAccessLog(pool, {}, 2)).map(({ kind }) => kind);
  expect(kinds).toEqual(['signed-out', 'signed-in']);
});

test('a session lasts for seven days, and no longer than its credential', async () => {
  const days = async (before: string | null) =>
    (Date.parse((await begin(before)).session.endsAt) - Date.now()) / 86_400_000;
  const inDays = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
  expect(await days(null)).toBeCloseTo(7, 2);
  expect(await days(inDays(30))).toBeCloseTo(7, 2);
  expect(await days(inDays(1))).toBeCloseTo(1, 2);
});

test('use keeps a session open, and is written once a minute', async () => {
  const { sha256 } = await begin();
  const usedAt = async () => (await owner.query('select used_at from baton.web_session')).rows[0].used_at.getTime();
  const first = await usedAt();
  await useWebSession(pool, sha256);
  expect(await usedAt()).toBe(first);
  await change(`used_at = clock_timestamp() - interval '11 hours 59 minutes'`);
  expect(await useWebSession(pool, sha256)).not.toBeNull();
  expect(await usedAt()).toBeGreaterThanOrEqual(first);
  // Times are kept to the millisecond, rounded: exactly twelve hours could be a little less.
  await change(`used_at = clock_timestamp() - interval '12 hours 1 second'`);
  expect(await useWebSession(pool, sha256)).toBeNull();
});

describe('a code', () => {
  test('is had by one of those who ask for it at the same moment', async () => {
    const sha256 = randomBytes(32);
    await keepSignInCode(pool, { sha256, credential, before: null });
    const taken = await Promise.all(Array.from({ length: 10 }, () => takeSignInCode(pool, sha256)));
    expect(taken.filter((each) => each !== null)).toEqual([{ credential, before: null }]);
  });

  test('ends with what it was kept until, and says so to the session that it begins', async () => {
    const [sha256, soon] = [randomBytes(32), new Date(Date.now() + 60_000).toISOString()];
    expect(await keepSignInCode(pool, { sha256, credential, before: soon })).toBe(soon);
    expect(await takeSignInCode(pool, sha256)).toEqual({ credential, before: soon });
  });

  test('is nobody’s after its time', async () => {
    const sha256 = randomBytes(32);
    await keepSignInCode(pool, { sha256, credential, before: null });
    await owner.query(`update baton.sign_in_code set ends_at = clock_timestamp() - interval '1 second'`);
    expect(await takeSignInCode(pool, sha256)).toBeNull();
  });
});

test('what is over is removed, and nothing else', async () => {
  const open = await begin();
  await keepSignInCode(pool, { sha256: randomBytes(32), credential, before: null });
  expect(await pruneSignIns(pool)).toBe(0);
  const [late, idle] = [await begin(), await begin()];
  const code = randomBytes(32);
  await keepSignInCode(pool, { sha256: code, credential, before: null });
  const of = ({ session }: typeof open) => `where session_id = '${session.sessionId}'`;
  await change(`ends_at = clock_timestamp() - interval '1 second' ${of(late)}`);
  // As above: exactly twelve hours could be a little less.
  await change(`used_at = clock_timestamp() - interval '12 hours 1 second' ${of(idle)}`);
  await owner.query(
    `update baton.sign_in_code set ends_at = clock_timestamp() - interval '1 second' where sha256 = $1`,
    [code],
  );
  expect(await pruneSignIns(pool)).toBe(3);
  expect(await pruneSignIns(pool)).toBe(0);
  expect(await useWebSession(pool, open.sha256)).not.toBeNull();
});
