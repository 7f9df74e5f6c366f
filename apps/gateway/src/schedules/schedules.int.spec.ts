import { createPool, dueSchedules, fireSchedule } from '@baton/event-store';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { type Answer, startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const RUN = { workflow: 'two-steps', input: { requirements: 'Count words.' } };
const NIGHTLY = { type: 'cron', expression: '30 2 * * *', timeZone: 'Europe/Berlin' } as const;
const make = (name: string, more: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  gateway.post('/v1/schedules', { name, timing: NIGHTLY, run: RUN, ...more }, headers);
/** What only the owner of the database can do to it. */
const asOwner = async (act: (owner: Pool) => Promise<unknown>): Promise<void> => {
  const owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'schedules-test', max: 2 });
  try {
    await act(owner);
  } finally {
    await owner.end();
  }
};
const keyOf = async (name: string, role: string): Promise<Record<string, string>> => {
  const { body } = await gateway.post('/v1/auth/keys', { name, roles: [role] });
  return { authorization: `Bearer ${body.key}` };
};

test('a schedule is made once for its key, with what it is by default, and is shown with its next due times', async () => {
  const made = await make('nightly', {}, { 'idempotency-key': 'n-1' });
  expect(made).toMatchObject({
    status: 201,
    body: { name: 'nightly', version: 1, status: 'active', overlap: 'skip', catchUp: { policy: 'last' }, run: RUN },
  });
  expect([made.headers.get('location'), made.headers.get('etag')]).toEqual(['/v1/schedules/nightly', '"v1"']);
  expect((await make('nightly', {}, { 'idempotency-key': 'n-1' })).body).toEqual(made.body);
  expect(await make('nightly')).toMatchObject({ status: 409, body: { code: 'schedule-exists' } });
  const { status, body, headers } = await gateway.get('/v1/schedules/nightly');
  expect([status, headers.get('etag'), body.firings, body.upcoming.length]).toEqual([200, '"v1"', [], 5]);
  expect(body.upcoming[0]).toBe(body.nextDueAt);
  const hours = body.upcoming.map((at: string) =>
    new Intl.DateTimeFormat('de', { hour: 'numeric', minute: 'numeric', timeZone: 'Europe/Berlin' }).format(
      new Date(at),
    ),
  );
  expect(new Set(hours)).toEqual(new Set(['02:30']));
  const listed = await gateway.get('/v1/schedules');
  expect(listed.body.schedules).toEqual([made.body]);
});

test.each([
  ['30 February', { timing: { type: 'cron', expression: '0 0 30 2 *' } }, '/timing/expression', /never comes/],
  ['a sixth field', { timing: { type: 'cron', expression: '* * * * * *' } }, '/timing/expression', /five fields/],
  [
    'a zone that is none',
    { timing: { ...NIGHTLY, timeZone: 'Europe/Berln' } },
    '/timing/timeZone',
    /Did you mean "Europe\/Berlin"/,
  ],
  ['an interval that is too short', { timing: { type: 'interval', seconds: 9 } }, '/timing/seconds', /at least 10/],
  ['a time that is over', { timing: { type: 'at', at: '2020-01-01T00:00:00Z' } }, '/timing/at', /is over/],
  ['a time without an offset', { timing: { type: 'at', at: '2040-01-01T00:00:00' } }, '/timing/at', /offset/],
  ['an end before its first due time', { endsAt: '2020-01-01T00:00:00Z' }, '/endsAt', /before it is due/],
  ['an input that the workflow refuses', { run: { ...RUN, input: {} } }, '/run/input/requirements', /./],
  ['a workflow that is not there', { run: { ...RUN, workflow: 'two-stepz' } }, '/run/workflow', /./],
  ['a goal', { run: { workflow: 'goal', input: {} } }, '/run/workflow', /composes/],
  ['a version of it', { run: { workflow: 'goal@1.0.0', input: { approval: 'given' } } }, '/run/workflow', /composes/],
  ['a label of its own', { run: { ...RUN, labels: { schedule: 'x' } } }, '/run/labels/schedule', /set by the schedule/],
  ['a request id', { run: { ...RUN, requestId: 'x' } }, '/run/requestId', /./],
  ['a member that is misspelt', { overlapp: 'skip' }, '/overlapp', /./],
])('%s is one clear refusal', async (_, more, pointer, detail) => {
  const answer = await make('wrong', more);
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer, detail: expect.stringMatching(detail) }] } });
  expect((await gateway.get('/v1/schedules/wrong')).status).toBe(404);
});

describe('a schedule that is there', () => {
  test('rests and works again, and moves its version, which If-Match holds a change to', async () => {
    await make('rests');
    const at = (tag: string) => ({ 'if-match': tag });
    const paused = await gateway.post('/v1/schedules/rests/pause', undefined, at('"v1"'));
    expect(paused).toMatchObject({ status: 200, body: { status: 'paused', version: 2, nextDueAt: null } });
    expect((await gateway.get('/v1/schedules/rests')).body.upcoming).toHaveLength(5);
    expect(await gateway.post('/v1/schedules/rests/pause', undefined)).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
    const stale = await gateway.post('/v1/schedules/rests/resume', undefined, at('"v1"'));
    expect(stale).toMatchObject({ status: 412, body: { code: 'schedule-changed' } });
    const resumed = await gateway.post('/v1/schedules/rests/resume', undefined, at('"v2"'));
    expect(resumed).toMatchObject({
      status: 200,
      body: { status: 'active', version: 3, nextDueAt: expect.any(String) },
    });
    expect(resumed.headers.get('etag')).toBe('"v3"');
  });

  test('is somebody’s: others change it as operators alone', async () => {
    const [ada, bo, operator] = [
      await keyOf('ada', 'submitter'),
      await keyOf('bo', 'submitter'),
      await keyOf('op', 'operator'),
    ];
    expect((await make('of-ada', {}, ada)).body.createdBy).toMatchObject({ id: 'ada' });
    const pause = (who: Record<string, string>) => gateway.post('/v1/schedules/of-ada/pause', undefined, who);
    expect(await pause(bo)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await pause(ada)).status).toBe(200);
    const removed = (who: Record<string, string>) =>
      gateway.bare('/v1/schedules/of-ada', { method: 'DELETE', headers: who });
    expect((await removed(bo)).status).toBe(403);
    expect((await removed(operator)).status).toBe(204);
    expect(await removed(operator)).toMatchObject({ status: 404, body: { code: 'schedule-not-found' } });
  });

  test('is removed by whoever names no version, also where somebody changes it right then', async () => {
    await make('goes');
    await asOwner(async (owner) => {
      const change = await owner.connect();
      await change.query('begin');
      await change.query(`update baton.schedule set version = version + 1 where name = 'goes'`);
      const { rows } = await change.query('select pg_backend_pid() as pid');
      const headers = { authorization: `Bearer ${TOKEN}` };
      const removing = gateway.bare('/v1/schedules/goes', { method: 'DELETE', headers });
      const waiting = 'select 1 from pg_locks l where not l.granted and $1::int = any(pg_blocking_pids(l.pid))';
      await vi.waitFor(async () => expect((await owner.query(waiting, [rows[0].pid])).rows.length).toBeGreaterThan(0), {
        timeout: 20_000,
        interval: 20,
      });
      await change.query('commit');
      change.release();
      expect((await removing).status).toBe(204);
    });
    expect((await gateway.get('/v1/schedules/goes')).status).toBe(404);
  });

  test('decides nothing once more where the clock was put back before it works again', async () => {
    await make('back', { timing: { type: 'interval', seconds: 10 } });
    await gateway.post('/v1/schedules/back/pause');
    const decidedTo = new Date(Date.now() + 3_600_000).toISOString();
    await asOwner((owner) => owner.query(`update baton.schedule set decided_to = $1 where name = 'back'`, [decidedTo]));
    const { status, body } = await gateway.post('/v1/schedules/back/resume');
    expect(status).toBe(200);
    expect(Date.parse(body.nextDueAt)).toBeGreaterThan(Date.parse(decidedTo));
  });

  test('starts a run by hand, once for a key, which it shows', async () => {
    await make('by-hand');
    const trigger = () => gateway.post('/v1/schedules/by-hand/trigger', undefined, { 'idempotency-key': 't-1' });
    const { status, body } = await trigger();
    expect(status).toBe(202);
    expect((await trigger()).body).toEqual(body);
    const { firings } = (await gateway.get('/v1/schedules/by-hand')).body;
    expect(firings).toMatchObject([{ runId: body.runId, isManual: true, outcome: 'started', status: 'accepted' }]);
    expect((await gateway.get(`/v1/runs/${body.runId}`)).body.labels).toEqual({ schedule: 'by-hand' });
  });
});

test('what it started is shown with its status, and why a run could not begin', async () => {
  const { body } = await make('shows', { timing: { type: 'interval', seconds: 10, from: '2020-01-01T00:00:00Z' } });
  await asOwner((owner) => owner.query(`update baton.schedule set wake_at = '2020-01-01' where name = 'shows'`));
  const [row] = await dueSchedules(gateway.hub, 10);
  const schedule = row?.read();
  if (schedule === undefined) throw new Error('nothing is due');
  const dueAt = new Date(body.nextDueAt);
  const runId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
  const message = { ...RUN, requestId: 'of-shows', runId };
  const firings = [
    {
      dueAt,
      untilAt: dueAt,
      count: 1,
      outcome: 'started' as const,
      request: { requestId: 'of-shows', runId, message },
    },
  ];
  const next = { decidedTo: dueAt, wakeAt: null, status: 'ended' as const, hasQueued: false, firings };
  expect(await fireSchedule(gateway.hub, schedule, next)).toBe(true);
  expect(await fireSchedule(gateway.hub, schedule, next)).toBe(false);
  const shown = (await gateway.get('/v1/schedules/shows')).body;
  expect(shown).toMatchObject({
    status: 'ended',
    upcoming: [],
    firings: [{ runId, status: 'accepted', dueAt: body.nextDueAt }],
  });
  expect(await gateway.post('/v1/schedules/shows/resume')).toMatchObject({
    status: 409,
    body: { code: 'schedule-ended' },
  });
});
