import { RuleSender } from '@baton/notifications';
import { resolveHost } from '@baton/outbound';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
let sender: RuleSender;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  const say = (): void => {};
  sender = RuleSender.start({
    pool: gateway.hub,
    log: { info: say, warn: say },
    cut: (text) => text,
    random: () => 0,
    pollMs: 10,
    mailServer: null,
    secrets: {},
    publicUrl: gateway.url,
    allowPrivate: true,
    resolve: resolveHost,
    timeoutMs: 1_000,
  });
});
afterAll(async () => {
  await sender?.stop();
  await gateway?.stop();
});

const make = (name: string, more: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  gateway.post(
    '/v1/notification-rules',
    { name, channel: { type: 'slack', urlFrom: 'BATON_NOTIFY_TEAM' }, ...more },
    headers,
  );

test('a rule is made once for its key, is shown by the name of its secret, and is removed', async () => {
  const made = await make('team', { quiet: { from: '22:00', to: '07:00' } }, { 'idempotency-key': 'r-1' });
  expect(made).toMatchObject({
    status: 201,
    body: {
      name: 'team',
      channel: { type: 'slack', urlFrom: 'BATON_NOTIFY_TEAM' },
      events: ['approval.requested', 'run.finished'],
      quiet: { from: '22:00', to: '07:00', timeZone: 'UTC', days: [] },
    },
  });
  expect(made.headers.get('location')).toBe('/v1/notification-rules/team');
  expect((await make('team', { quiet: { from: '22:00', to: '07:00' } }, { 'idempotency-key': 'r-1' })).body).toEqual(
    made.body,
  );
  expect(await make('team')).toMatchObject({ status: 409, body: { code: 'rule-exists' } });
  expect((await gateway.get('/v1/notification-rules')).body.rules).toEqual([made.body]);
  expect((await gateway.get('/v1/notification-rules/team')).body).toEqual(made.body);
  const headers = { authorization: `Bearer a-token-of-this-test` };
  expect((await gateway.bare('/v1/notification-rules/team', { method: 'DELETE', headers })).status).toBe(204);
  expect(await gateway.get('/v1/notification-rules/team')).toMatchObject({
    status: 404,
    body: { code: 'rule-not-found' },
  });
});

test.each([
  [
    'a URL in place of its name',
    { channel: { type: 'slack', urlFrom: 'https://hooks.example/x' } },
    '/channel/urlFrom',
  ],
  ['another variable of the machine', { channel: { type: 'slack', urlFrom: 'DATABASE_URL' } }, '/channel/urlFrom'],
  [
    'an address with a line break',
    { channel: { type: 'email', to: ['a@b.example\r\nBcc: c@d.example'] } },
    '/channel/to/0',
  ],
  ['nobody', { channel: { type: 'email', to: [] } }, '/channel/to'],
  ['an event that is none', { events: ['run.ended'] }, '/events/0'],
  ['an hour that is none', { quiet: { from: '24:00', to: '07:00' } }, '/quiet/from'],
  ['a zone that is none', { quiet: { from: '22:00', to: '07:00', timeZone: 'Europe/Berln' } }, '/quiet/timeZone'],
  [
    'every day of the week',
    {
      quiet: {
        from: '22:00',
        to: '07:00',
        days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
      },
    },
    '/quiet/days',
  ],
])('%s is one clear refusal', async (_, more, pointer) => {
  expect(await make('wrong', more)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
});

test('a test says what is missing, and what was told is listed and sent again', async () => {
  await make('unset');
  const tested = await gateway.post('/v1/notification-rules/unset/test');
  expect(tested).toMatchObject({
    status: 200,
    body: {
      status: 'pending',
      types: ['notification.test'],
      attempts: 1,
      error: expect.stringContaining('BATON_NOTIFY_TEAM'),
    },
  });
  const { messages } = (await gateway.get('/v1/notification-rules/unset/messages')).body;
  expect(messages).toMatchObject([{ messageId: tested.body.messageId }]);
  const again = (id: string) => gateway.post(`/v1/notification-rules/unset/messages/${id}/retry`);
  expect(await again(tested.body.messageId)).toMatchObject({ status: 202, body: { status: 'pending' } });
  const { rows } = await gateway.hub.query(`insert into baton.notification_message (rule_id, created_at, due_at)
    select rule_id, now() + n * interval '1 s', now() + interval '1 day' from baton.notification_rule, generate_series(1, 100) n
     where name = 'unset' returning 1`);
  expect(rows).toHaveLength(100);
  expect(await again(tested.body.messageId)).toMatchObject({ status: 202, body: { status: 'pending' } });
  for (const id of ['nothing', '6f9619ff-8b86-4d01-b42d-00cf4fc964ff']) {
    expect(await again(id)).toMatchObject({ status: 404, body: { code: 'message-not-found' } });
  }
});
