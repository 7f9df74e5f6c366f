import { createPool, dueSchedules, fireSchedule } from '@baton/event-store';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { callTool, mcpClients } from '../testing/mcp-client.js';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

/* A schedule whose maker may start nothing any more, and who may have it work again. When it stops is tested with the hub. */

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
const clients = mcpClients(() => gateway);
afterAll(async () => {
  await clients.close();
  await gateway?.stop();
});

const RUN = { workflow: 'two-steps', input: { requirements: 'Count words.' } };

/** The header of a new key. */
async function keyOf(name: string, ...roles: readonly string[]): Promise<Record<string, string>> {
  const { body } = await gateway.post('/v1/auth/keys', { name, roles });
  return { authorization: `Bearer ${body.key}` };
}
const revoke = (name: string, by: Record<string, string>): Promise<Answer> =>
  gateway.bare(`/v1/auth/keys/${name}`, { method: 'DELETE', headers: by });

async function asOwner(sql: string): Promise<void> {
  const owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'schedules-test', max: 1 });
  await owner.query(sql).finally(() => owner.end());
}

/** A hub finds it due. @returns whether it started a run */
async function fire(name: string): Promise<boolean> {
  await asOwner(`update baton.schedule set wake_at = '2020-01-01' where name = '${name}' and status = 'active'`);
  const row = (await dueSchedules(gateway.hub, 100)).find((each) => each.name === name);
  if (row === undefined) return false;
  const seen = row.read();
  const dueAt = new Date();
  const runId = crypto.randomUUID();
  const request = { requestId: runId, runId, message: { ...RUN, requestId: runId, runId } };
  const firings = [{ dueAt, untilAt: dueAt, count: 1, outcome: 'started' as const, request }];
  const next = { decidedTo: dueAt, wakeAt: new Date(Date.now() + 60_000), status: 'active' as const, hasQueued: false };
  return fireSchedule(gateway.hub, seen, { ...next, firings });
}

const at = (name: string): Promise<Answer> => gateway.get(`/v1/schedules/${name}`);
const takeOver = (name: string, by: Record<string, string>, more: Record<string, string> = {}): Promise<Answer> =>
  gateway.post(`/v1/schedules/${name}/take-over`, undefined, { ...by, ...more });

test('one that was stopped says why, is resumed by nobody, and works again for whoever takes it over and may', async () => {
  const timing = { type: 'interval', seconds: 60 };
  const ada = await keyOf('ada', 'submitter');
  const admin = await keyOf('admin-of-keys', 'admin');
  expect((await gateway.post('/v1/schedules', { name: 'of-ada', timing, run: RUN }, ada)).status).toBe(201);
  expect(await fire('of-ada')).toBe(true);
  expect((await revoke('ada', admin)).status).toBeLessThan(300);
  expect(await fire('of-ada')).toBe(false);

  const stopped = await at('of-ada');
  expect(stopped.body).toMatchObject({
    ...{ status: 'stopped', nextDueAt: null, createdBy: { type: 'apikey', id: 'ada' } },
    stop: { reason: 'key-revoked', detail: 'The key ada was revoked.', at: expect.any(String) },
  });
  expect(stopped.body.firings.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['missed', 'started']);
  const listed = (await gateway.get('/v1/schedules')).body.schedules;
  expect(listed).toMatchObject([{ name: 'of-ada', status: 'stopped' }]);
  const letters = await gateway.get('/v1/dead-letters?status=refused');
  expect(letters.body.deadLetters).toMatchObject([{ source: 'schedule', name: 'of-ada' }]);

  const resumed = await gateway.post('/v1/schedules/of-ada/resume', undefined, admin);
  expect(resumed).toMatchObject({ status: 409, body: { code: 'schedule-stopped' } });
  // Rested it is, and why is not forgotten.
  expect((await gateway.post('/v1/schedules/of-ada/pause', undefined, admin)).body).toMatchObject({
    status: 'stopped',
  });

  expect(await takeOver('of-ada', await keyOf('bo', 'submitter'))).toMatchObject({ status: 403 });
  expect(await takeOver('of-ada', await keyOf('only-operates', 'operator'))).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  });
  const cleo = await keyOf('cleo', 'operator', 'submitter');
  expect(await takeOver('of-ada', cleo, { 'if-match': '"v1"' })).toMatchObject({ status: 412 });
  const taken = await takeOver('of-ada', cleo, { 'if-match': stopped.headers.get('etag') ?? '' });
  expect(taken).toMatchObject({
    status: 200,
    body: { status: 'active', stop: null, nextDueAt: expect.any(String), createdBy: { type: 'apikey', id: 'cleo' } },
  });
  expect(taken.headers.get('etag')).toBe('"v3"');
  expect(await fire('of-ada')).toBe(true);
});

test('a key that was made again under the name of the one that made it may take it over, and does not have it as it is', async () => {
  const ada = await keyOf('dora', 'submitter');
  await gateway.post('/v1/schedules', { name: 'of-dora', timing: { type: 'interval', seconds: 60 }, run: RUN }, ada);
  await revoke('dora', await keyOf('admin-again', 'admin'));
  const again = await keyOf('dora', 'submitter');
  expect([await fire('of-dora'), (await at('of-dora')).body.stop.reason]).toEqual([false, 'key-revoked']);
  expect((await takeOver('of-dora', again)).body).toMatchObject({ status: 'active' });
  expect(await fire('of-dora')).toBe(true);
});

test('one whose only time was missed is not taken over, and it is said that a run can be started by hand', async () => {
  const timing = { type: 'at', at: new Date(Date.now() + 86_400_000).toISOString() };
  const gus = await keyOf('gus', 'submitter');
  await gateway.post('/v1/schedules', { name: 'once', timing, run: RUN }, gus);
  await revoke('gus', await keyOf('admin-of-gus', 'admin'));
  await fire('once');
  await asOwner(
    `update baton.schedule set timing = '{"type": "at", "at": "2020-01-01T00:00:00Z"}' where name = 'once'`,
  );
  const hal = await keyOf('hal', 'operator', 'submitter');
  const refused = { status: 409, body: { code: 'schedule-ended', next: expect.stringContaining('once/trigger') } };
  expect(await takeOver('once', hal)).toMatchObject(refused);
  expect((await at('once')).body).toMatchObject({ status: 'stopped', upcoming: [] });
  expect((await gateway.post('/v1/schedules/once/trigger', undefined, hal)).status).toBe(202);
});

test('one that works or rests is taken over as it is, and one that has ended by nobody', async () => {
  const cleo = await keyOf('emil', 'operator', 'submitter');
  const make = (name: string) =>
    gateway.post('/v1/schedules', { name, timing: { type: 'cron', expression: '@daily' }, run: RUN });
  const { body: works } = await make('works');
  await make('rests');
  await gateway.post('/v1/schedules/rests/pause');
  await make('over');
  await asOwner(`update baton.schedule set status = 'ended', wake_at = null where name = 'over'`);
  const owner = { createdBy: { id: 'emil' } };
  expect((await takeOver('works', cleo)).body).toMatchObject({
    status: 'active',
    nextDueAt: works.nextDueAt,
    ...owner,
  });
  expect((await takeOver('rests', cleo)).body).toMatchObject({ status: 'paused', nextDueAt: null, ...owner });
  expect(await takeOver('over', cleo)).toMatchObject({ status: 409, body: { code: 'schedule-ended' } });
});

test('what a newer version has made is named beside the others, and is one clear refusal where it is asked for', async () => {
  const rule = { name: 'of-later', channel: { type: 'email', to: ['ada@team.example'] } };
  await gateway.post('/v1/notification-rules', rule);
  await gateway.post('/v1/notification-rules', { ...rule, name: 'of-today' });
  await asOwner(`update baton.notification_rule set channel = '{"type": "pigeon"}' where name = 'of-later'`);
  await asOwner(`insert into baton.schedule (name, timing, run, overlap, catch_up, made_at, decided_to, created_by)
    select 'of-later', '{"type": "moon"}', s.run, s.overlap, s.catch_up, s.made_at, s.decided_to, s.created_by
      from baton.schedule s where s.name = 'works'`);
  const schedules = (await gateway.get('/v1/schedules')).body;
  expect(schedules.unreadable).toEqual(['of-later']);
  expect(schedules.schedules.map(({ name }: { name: string }) => name)).toContain('works');
  expect(await at('of-later')).toMatchObject({ status: 409, body: { code: 'schedule-unreadable' } });
  const rules = (await gateway.get('/v1/notification-rules')).body;
  expect([rules.unreadable, rules.rules.map(({ name }: { name: string }) => name)]).toEqual([
    ['of-later'],
    ['of-today'],
  ]);
  expect(await gateway.get('/v1/notification-rules/of-later')).toMatchObject({
    status: 409,
    body: { code: 'rule-unreadable' },
  });
});

test('a model is told that a person has to take over one that was stopped, and may remove one that is removed already', async () => {
  const gil = await keyOf('gil', 'submitter');
  await gateway.post('/v1/schedules', { name: 'of-gil', timing: { type: 'interval', seconds: 60 }, run: RUN }, gil);
  await revoke('gil', await keyOf('admin-of-gil', 'admin'));
  expect(await fire('of-gil')).toBe(false);
  const client = await clients.as('operator');
  const resumed = await callTool(client, 'resume_schedule', { name: 'of-gil' });
  expect(resumed).toMatchObject({ isError: true, text: expect.stringMatching(/person.*baton schedule take-over/) });
  const { version } = (await callTool(client, 'get_schedule', { name: 'of-gil' })).value;
  const remove = async () => callTool(client, 'delete_schedule', { name: 'of-gil', version });
  expect(await remove()).toMatchObject({ isError: false, value: { name: 'of-gil', wasThere: true } });
  expect(await remove()).toMatchObject({
    ...{ isError: false, value: { name: 'of-gil', wasThere: false } },
    text: expect.stringContaining('list_schedules'),
  });
});
