import { createHmac, randomBytes } from 'node:crypto';
import { createPool, pendingRequests } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

const STANDARD = `whsec_${randomBytes(32).toString('base64')}`;
const GITHUB = randomBytes(24).toString('hex');
const BEARER = randomBytes(24).toString('hex');

let gateway: TestGateway;
beforeAll(async () => {
  const hookSecrets = new Map([
    ['SHOP', STANDARD],
    ['REPO', GITHUB],
    ['TICK', BEARER],
    ['SHORT', 'short'],
  ]);
  gateway = await startTestGateway(inject('postgresUrl'), { hookSecrets });
});
afterAll(() => gateway?.stop());

let made = 0;

/** Makes a hook, and gives its name. */
async function hook(over: object = {}, headers: Record<string, string> = {}): Promise<string> {
  made += 1;
  const name = `hook-${made}`;
  const body = { name, verify: 'standard', secret: 'SHOP', run: { workflow: 'two-steps' }, ...over };
  const answer = await gateway.post('/v1/hooks', body, headers);
  expect(answer.status).toBe(201);
  expect(answer.headers.get('location')).toBe(`/hooks/${name}`);
  return name;
}

const call = (name: string, body: string | Buffer, headers: Record<string, string>): Promise<Answer> =>
  gateway.bare(`/hooks/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });

interface Signing {
  readonly id?: string;
  readonly at?: number;
  readonly secret?: string;
  readonly signed?: string;
}

function standard(body: string, { id = `msg_${randomBytes(8).toString('hex')}`, at, secret, signed }: Signing = {}) {
  const timestamp = String(Math.floor((at ?? Date.now()) / 1000));
  const key = Buffer.from((secret ?? STANDARD).slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key)
    .update(`${id}.${timestamp}.${signed ?? body}`)
    .digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,AAAA v1,${signature}` };
}

const stored = async (runId: string) =>
  (await pendingRequests(gateway.hub, { limit: 1_000 })).filter(({ message }) => message.runId === runId);

const INPUT = JSON.stringify({ requirements: 'order 7, ä' });

describe('a delivery of Standard Webhooks', () => {
  test('starts a run with its body, in the name of whoever made the hook', async () => {
    const name = await hook();
    const answer = await call(name, INPUT, standard(INPUT));
    expect(answer).toMatchObject({ status: 202, body: { status: 'accepted' } });
    const [request] = await stored(answer.body.runId);
    expect(request).toMatchObject({
      name: 'submit',
      isVouched: true,
      message: {
        input: { requirements: 'order 7, ä' },
        labels: { hook: name },
        actor: { type: 'apikey', id: 'local-admin' },
      },
    });
  });

  test('that comes again is the same run, also with another time, another signature or another body', async () => {
    const name = await hook();
    const first = await call(name, INPUT, standard(INPUT, { id: 'msg_1' }));
    const again = await call(name, INPUT, standard(INPUT, { id: 'msg_1', at: Date.now() - 60_000 }));
    const other = JSON.stringify({ requirements: 'order 8' });
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect((await call(name, other, standard(other, { id: 'msg_1' }))).body).toEqual(first.body);
    expect(await stored(first.body.runId)).toHaveLength(1);
    // Another hook has other runs.
    const elsewhere = await call(await hook(), INPUT, standard(INPUT, { id: 'msg_1' }));
    expect(elsewhere.body.runId).not.toBe(first.body.runId);
  });

  test('many times at the same moment is one run', async () => {
    const name = await hook();
    const headers = standard(INPUT, { id: 'msg_many' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => call(name, INPUT, headers)));
    expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(1);
    expect(await stored(answers[0]?.body.runId)).toHaveLength(1);
  });

  test.each<[string, (body: string) => Record<string, string>]>([
    ['no signature', () => ({})],
    ['one of another secret', (body) => standard(body, { secret: `whsec_${randomBytes(32).toString('base64')}` })],
    ['one of another body', (body) => standard(body, { signed: '{}' })],
    ['one of ten minutes ago', (body) => standard(body, { at: Date.now() - 600_000 })],
    ['one of ten minutes to come', (body) => standard(body, { at: Date.now() + 600_000 })],
    ['no time', (body) => ({ ...standard(body), 'webhook-timestamp': 'now' })],
    ['an id that is too long', (body) => standard(body, { id: 'x'.repeat(300) })],
    ['a token of Baton', () => ({ authorization: 'Bearer a-token-of-this-test' })],
  ])('with %s is refused, and is told nothing more', async (_what, headersOf) => {
    const refused = { status: 401, body: { code: 'hook-refused' } };
    const answer = await call(await hook(), INPUT, headersOf(INPUT));
    expect(answer).toMatchObject(refused);
    // As if there were none.
    const { body } = await call('nothing-here', INPUT, headersOf(INPUT));
    expect({ ...body, requestId: answer.body.requestId }).toEqual(answer.body);
    expect(JSON.stringify(answer.body)).not.toContain(STANDARD);
  });
});

describe('a delivery of GitHub', () => {
  const signed = (body: string, id = 'd-1') => ({
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${createHmac('sha256', GITHUB).update(body).digest('hex')}`,
  });

  test('starts a run with what the hook makes of it, and none where it makes nothing', async () => {
    const name = await hook({
      verify: 'github',
      secret: 'REPO',
      input: '{% $states.input.action = "opened" ? {"requirements": $uppercase($states.input.issue.title)} : null %}',
    });
    const opened = JSON.stringify({ action: 'opened', issue: { title: 'it breaks' } });
    const answer = await call(name, opened, signed(opened));
    const [request] = await stored(answer.body.runId);
    expect(request?.message.input).toEqual({ requirements: 'IT BREAKS' });
    const closed = JSON.stringify({ action: 'closed' });
    expect(await call(name, closed, signed(closed, 'd-2'))).toMatchObject({ status: 202, body: { status: 'ignored' } });
    expect((await call(name, `${opened} `, signed(opened))).status).toBe(401);
    expect((await call(name, opened, { 'x-hub-signature-256': signed(opened)['x-hub-signature-256'] })).status).toBe(
      401,
    );
  });

  test('is the same run whoever sends its body again, under whatever id, also once the request is forgotten', async () => {
    const name = await hook({ verify: 'github', secret: 'REPO' });
    const body = JSON.stringify({ requirements: 'issue 7' });
    const first = await call(name, body, signed(body, 'd-1'));
    expect((await call(name, body, signed(body, 'd-2'))).body).toEqual(first.body);
    expect(await stored(first.body.runId)).toHaveLength(1);
    const [request] = await stored(first.body.runId);
    const begun = runStarted({ requestId: request?.requestId ?? '', input: JSON.parse(body) });
    await gateway.log.append(first.body.runId, begun);
    const owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'hook-test', max: 1 });
    try {
      await owner.query('delete from baton.inbox where begins = $1', [first.body.runId]);
      await owner.query('delete from baton.accepted_request');
      expect((await call(name, body, signed(body, 'd-3'))).body).toEqual(first.body);
      expect(await stored(first.body.runId)).toEqual([]);
    } finally {
      await owner.end();
    }
    const other = JSON.stringify({ requirements: 'issue 8' });
    expect((await call(name, other, signed(other, 'd-1'))).body.runId).not.toBe(first.body.runId);
  });

  test('of which an expression does not end is refused in time', async () => {
    const input = { n: '{% ($f := function($n) { $f($n + 1) }; $f(0)) %}' };
    const name = await hook({ verify: 'github', secret: 'REPO', input });
    expect(await call(name, '{}', signed('{}'))).toMatchObject({ status: 422, body: { code: 'hook-input' } });
  });
});

test('a delivery with a bearer token is the same run where it says the same key', async () => {
  const name = await hook({
    verify: 'bearer',
    secret: 'TICK',
    run: { workflow: 'two-steps', labels: { from: 'tick' } },
  });
  const headers = { authorization: `Bearer ${BEARER}`, 'idempotency-key': 'tick-1' };
  const first = await call(name, INPUT, headers);
  expect((await call(name, INPUT, headers)).body).toEqual(first.body);
  const [request] = await stored(first.body.runId);
  expect(request?.message.labels).toEqual({ from: 'tick', hook: name });
  const without = { authorization: `Bearer ${BEARER}` };
  expect((await call(name, INPUT, without)).body.runId).not.toBe((await call(name, INPUT, without)).body.runId);
  expect((await call(name, '{}', { authorization: `Bearer ${BEARER}x` })).status).toBe(401);
});

test.each<[string, Buffer, number, string]>([
  ['no JSON', Buffer.from('{'), 400, 'malformed-request'],
  ['a list', Buffer.from('[1]'), 400, 'malformed-request'],
  ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400, 'malformed-request'],
  ['too much', Buffer.from(JSON.stringify({ a: 'x'.repeat(300_000) })), 413, 'body-too-large'],
])('a body that is %s starts nothing', async (_what, body, status, code) => {
  const name = await hook({ verify: 'bearer', secret: 'TICK' });
  const answer = await call(name, body, { authorization: `Bearer ${BEARER}`, 'idempotency-key': 'bad' });
  expect(answer).toMatchObject({ status, body: { code } });
});

test('the rights of whoever made it are asked each time', async () => {
  const key = await gateway.post('/v1/auth/keys', { name: 'of-hook', roles: ['submitter'] });
  const name = await hook({}, { authorization: `Bearer ${key.body.key}` });
  const answer = await call(name, INPUT, standard(INPUT));
  expect(answer.status).toBe(202);
  expect((await stored(answer.body.runId))[0]?.message.actor).toMatchObject({ type: 'apikey', id: 'of-hook' });
  const { body: rotated } = await gateway.post('/v1/auth/keys/of-hook/rotate', {});
  expect(rotated.key).toBeDefined();
  expect((await call(name, INPUT, standard(INPUT))).status).toBe(202);
  const revoked = await gateway.bare('/v1/auth/keys/of-hook', {
    method: 'DELETE',
    headers: { authorization: 'Bearer a-token-of-this-test' },
  });
  expect(revoked.status).toBe(204);
  expect(await call(name, INPUT, standard(INPUT))).toMatchObject({
    status: 403,
    body: { code: 'hook-without-rights' },
  });
});

test('a key that is made again under the name of a revoked one has not its hooks', async () => {
  const authorization = 'Bearer a-token-of-this-test';
  const make = () => gateway.post('/v1/auth/keys', { name: 'once-more', roles: ['submitter'] });
  const revoke = () => gateway.bare('/v1/auth/keys/once-more', { method: 'DELETE', headers: { authorization } });
  await make();
  await revoke();
  const first = await make();
  const name = await hook({}, { authorization: `Bearer ${first.body.key}` });
  // What was revoked before it was made is none of its business.
  expect((await call(name, INPUT, standard(INPUT))).status).toBe(202);
  await revoke();
  expect((await make()).status).toBe(201);
  const refused = { status: 403, body: { code: 'hook-without-rights' } };
  expect(await call(name, INPUT, standard(INPUT))).toMatchObject(refused);
});

test('what an expression draws by chance is another for each delivery, and the same where one comes again', async () => {
  const name = await hook({ input: { requirements: '{% $uuid() & $random() %}' } });
  const drawn = async (id: string) => {
    const { body } = await call(name, INPUT, standard(INPUT, { id }));
    const [request] = await stored(body.runId);
    return request?.message.input;
  };
  const first = await drawn('msg_a');
  expect(await drawn('msg_b')).not.toEqual(first);
  expect(await drawn('msg_a')).toEqual(first);
});

test.each(['%00', 'a%00b', '%ff', 'A%20b', '..%2fx', 'x'.repeat(80)])('no hook is called %s', async (name) => {
  const answer = await gateway.bare(`/hooks/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${BEARER}` },
    body: INPUT,
  });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
});

test.each<[string, object, number, string]>([
  ['of no workflow', { run: { workflow: 'nothing-here' } }, 422, 'unknown-workflow'],
  ['with a secret that is not set', { secret: 'NOTHING' }, 422, 'hook-secret-missing'],
  ['with a secret that is too short', { verify: 'bearer', secret: 'SHORT' }, 422, 'hook-secret-missing'],
  ['with a secret of the gateway itself', { secret: '../TOKEN' }, 422, 'invalid-body'],
  ['with an expression that cannot be read', { input: { n: '{% $states.input. %}' } }, 422, 'invalid-body'],
  ['with the label that it gives', { run: { workflow: 'two-steps', labels: { hook: 'x' } } }, 422, 'invalid-body'],
])('a hook %s is refused', async (_what, over, status, code) => {
  const body = { name: 'refused', verify: 'standard', secret: 'SHOP', run: { workflow: 'two-steps' }, ...over };
  expect(await gateway.post('/v1/hooks', body)).toMatchObject({ status, body: { code } });
});

test('hooks are listed without their secrets, and are gone once they are removed', async () => {
  const name = await hook();
  const taken = { name, verify: 'standard', secret: 'SHOP', run: { workflow: 'two-steps' } };
  expect(await gateway.post('/v1/hooks', taken)).toMatchObject({ status: 409, body: { code: 'hook-exists' } });
  const { body } = await gateway.get('/v1/hooks');
  const listed = body.hooks.find((each: { name: string }) => each.name === name);
  expect(listed).toMatchObject({ verify: 'standard', secret: 'SHOP', run: { workflow: 'two-steps' } });
  expect(listed).not.toHaveProperty('key');
  expect(JSON.stringify(body)).not.toContain(STANDARD);
  const remove = () =>
    gateway.bare(`/v1/hooks/${name}`, { method: 'DELETE', headers: { authorization: 'Bearer a-token-of-this-test' } });
  expect((await remove()).status).toBe(204);
  expect(await remove()).toMatchObject({ status: 404, body: { code: 'hook-not-found' } });
  expect((await call(name, INPUT, standard(INPUT))).status).toBe(401);
});
