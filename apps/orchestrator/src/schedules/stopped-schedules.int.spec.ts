import { randomBytes } from 'node:crypto';
import type { Role } from '@baton/contracts';
import { changeSchedule, findSchedule, listDeadLetters, rotateApiKey, type StoredSchedule } from '@baton/event-store';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { GivenSchedules } from '../testing/given-schedules.js';

/* What whoever made a schedule may do is asked each time that one of its runs is to start. */

let given: GivenSchedules;
beforeEach(async () => {
  given = await GivenSchedules.open(inject('postgresUrl'));
});
afterEach(() => given?.close());

const HOURS = 3_601;
const runs = async (): Promise<number> => (await given.fixture.pool.query('select from baton.stream')).rowCount ?? 0;
const now = async ({ name }: StoredSchedule): Promise<StoredSchedule> => {
  const found = await findSchedule(given.gateway, name);
  if (found === null || found === 'unreadable') throw new Error(`no schedule ${name}`);
  return found;
};

test('once the key that made it is revoked nothing is started: it is stopped, says why, and operators are told once', async () => {
  const schedule = await given.schedule({}, { secondsAgo: HOURS });
  await given.revoke();
  expect(await Promise.all(Array.from({ length: 4 }, () => given.round()))).toEqual([0, 0, 0, 0]);
  expect(await now(schedule)).toMatchObject({
    ...{ status: 'stopped', version: 2 },
    stop: { reason: 'key-revoked', at: expect.any(Date) },
  });
  expect([await given.outcomes(schedule), await runs()]).toEqual([['missed'], 0]);
  expect(await listDeadLetters(given.fixture.pool, { limit: 5 })).toMatchObject([
    { source: 'schedule', name: 'nightly', reason: 'schedule-stopped: key-revoked', isRefused: true },
  ]);
  await given.later(schedule, 3_600);
  expect([await given.round(), await given.outcomes(schedule)]).toEqual([0, ['missed']]);
});

test.each<readonly [string, string, readonly unknown[], string]>([
  ['has another role', `update baton.api_key set roles = '{viewer,operator}'`, [], 'key-without-role'],
  ['has expired', `update baton.api_key set expires_at = clock_timestamp() - interval '1 minute'`, [], 'key-expired'],
  [
    'is for runs of another workflow',
    'update baton.api_key set scope = $1',
    [{ workflows: ['report'] }],
    'key-out-of-scope',
  ],
  [
    'is for runs of another label',
    'update baton.api_key set scope = $1',
    [{ labels: { team: 'red' } }],
    'key-out-of-scope',
  ],
])('a key that %s starts no more of them', async (_, change, values, reason) => {
  const schedule = await given.schedule({ run: { workflow: 'wait-for-it', input: {} } }, { secondsAgo: HOURS });
  await given.asOwner(change, values);
  expect(await given.round()).toBe(0);
  expect((await now(schedule)).stop).toMatchObject({ reason });
});

test('a key that is for such runs goes on to start them, whatever their input holds', async () => {
  const scope = { workflows: ['wait-for-it'], labels: { team: 'red' } };
  await given.asOwner('update baton.api_key set scope = $1', [scope]);
  const run = { workflow: 'wait-for-it@1.0.0', input: {}, labels: { team: 'red', of: 'ada' } };
  await given.schedule({ run }, { secondsAgo: HOURS });
  expect(await given.round()).toBe(1);
});

test('a key that was made again under the name of a revoked one is another, and one that was replaced is not', async () => {
  const schedule = await given.schedule({ overlap: 'allow' }, { secondsAgo: HOURS });
  const mark = { publicId: randomBytes(6).toString('hex'), sha256: randomBytes(32) };
  const by = { type: 'apikey', id: 'local-admin' } as const;
  await rotateApiKey(given.gateway, { name: 'ada', ...mark, overlapSeconds: 0, expiresInSeconds: null }, { by });
  expect(await given.round()).toBe(1);
  await given.revoke();
  await given.key();
  await given.later(schedule, 3_600);
  expect([await given.round(), (await now(schedule)).stop?.reason]).toEqual([0, 'key-revoked']);
});

test('one that a user made, of whom nobody knows what they may, is stopped; the stack’s own goes on', async () => {
  const ofUser = await given.schedule({}, { secondsAgo: HOURS, createdBy: { type: 'user', id: 'bo' } });
  const admin = { type: 'apikey', id: 'local-admin' } as const;
  await given.schedule({ name: 'of-the-stack' }, { secondsAgo: HOURS, createdBy: admin });
  expect(await given.round()).toBe(1);
  expect((await now(ofUser)).stop).toMatchObject({ reason: 'maker-away' });
});

test('what waits for the last run does not start either once the key is revoked', async () => {
  const schedule = await given.schedule({ overlap: 'queue' }, { secondsAgo: HOURS });
  await given.round();
  await given.later(schedule, 3_600);
  await given.round();
  expect(await given.outcomes(schedule)).toEqual(['started', 'queued']);
  await given.revoke();
  const [first] = await given.firings(schedule);
  if (first !== undefined) await given.finish(first);
  expect(await given.round()).toBe(0);
  expect(await given.outcomes(schedule)).toEqual(['started', 'missed']);
  expect((await now(schedule)).status).toBe('stopped');
});

test('whoever has been told that a key is revoked knows that nothing is started by it any more', async () => {
  await given.schedule({}, { secondsAgo: HOURS });
  const revoking = await given.gateway.connect();
  try {
    await revoking.query('begin');
    await revoking.query(`update baton.api_key set revoked_at = clock_timestamp() where name = 'ada'`);
    const {
      rows: [{ pid }],
    } = await revoking.query('select pg_backend_pid() as pid');
    const round = given.round();
    // It was due before the key is gone, and waits for whether it goes.
    const waiting = 'select from pg_stat_activity a where $1::int = any(pg_blocking_pids(a.pid))';
    await vi.waitFor(async () => expect((await revoking.query(waiting, [pid])).rowCount).toBe(1), {
      timeout: 20_000,
      interval: 20,
    });
    await revoking.query('commit');
    expect([await round, await runs()]).toEqual([0, 0]);
  } finally {
    revoking.release();
  }
});

test('once somebody has taken it over it starts its runs in their name, and stops with their key', async () => {
  const schedule = await given.schedule({ overlap: 'allow' }, { secondsAgo: HOURS });
  await given.revoke();
  await given.round();
  // The name is that of the key that is gone: what was revoked before it was theirs is none of it.
  await given.key();
  const stopped = await now(schedule);
  const owner = { type: 'apikey', id: 'ada' } as const;
  const next = { status: 'active', decidedTo: stopped.decidedTo, wakeAt: new Date(Date.now() - 1_000), owner } as const;
  expect(await changeSchedule(given.gateway, stopped, next)).toMatchObject({ status: 'active', stop: null });
  await given.later(schedule, 3_600);
  expect(await given.round()).toBe(1);
  const started = (await given.firings(schedule)).at(-1);
  if (started === undefined) throw new Error('nothing was started');
  expect((await given.events(started))[0]?.actor).toEqual(owner);
  await given.revoke();
  await given.later(schedule, 3_600);
  expect([await given.round(), (await now(schedule)).status]).toEqual([0, 'stopped']);
});

test.each<Role>(['viewer', 'submitter', 'approver', 'operator', 'admin'])(
  'a key with the role %s starts runs where it may submit them',
  async (role) => {
    await given.schedule({}, { secondsAgo: HOURS });
    await given.asOwner('update baton.api_key set roles = $1', [[role]]);
    // As the gateway has it of POST /v1/runs.
    expect(await given.round()).toBe(['submitter', 'admin'].includes(role) ? 1 : 0);
  },
);
