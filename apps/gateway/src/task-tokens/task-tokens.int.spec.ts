import { randomUUID } from 'node:crypto';
import { cutTaskTokens, intakeMessages } from '@baton/contracts';
import { createPool, pendingRequests, readTaskTokens, type TaskTokenOf } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
let owner: Pool;
let tokenOf: TaskTokenOf;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'token-test', max: 1 });
  tokenOf = await readTaskTokens(owner);
});
afterAll(async () => {
  await owner?.end();
  await gateway?.stop();
});

let rows = 0;

/** A run with an open task that waits for its token. */
async function waiting(heartbeatSeconds: number | null = null): Promise<{ runId: string; token: string }> {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted());
  rows += 1;
  await owner.query(
    `insert into baton.command (seq, command_id, lane, run_id, name, message, priority, heartbeat_seconds, heartbeat_deadline)
     values ($1, $2, 15, $3, 'token', '{}', 2, $4, now() + $4 * interval '1 second')`,
    [rows, `${runId}-1`, runId, heartbeatSeconds],
  );
  return { runId, token: tokenOf(`${runId}-1`) };
}
const settle = (runId: string) => owner.query('delete from baton.command where run_id = $1', [runId]);
const send = (what: string, body: object, headers: Record<string, string> = {}) =>
  gateway.post(`/v1/task-tokens/${what}`, body, headers);
const stored = async (runId: string) =>
  (await pendingRequests(gateway.hub, { limit: 1_000 })).filter(({ message }) => message.runId === runId);

test('an answer is stored for the hub, with who gave it and without the token', async () => {
  const { runId, token } = await waiting();
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const answer = await send('success', { token, output: { price: 3 } }, { traceparent });
  expect(answer).toMatchObject({ status: 202, body: { runId, status: 'accepted' } });
  const [request, ...more] = await stored(runId);
  expect(more).toEqual([]);
  expect(request).toMatchObject({
    name: 'answer-task',
    isVouched: true,
    message: {
      answer: 'success',
      commandId: `${runId}-1`,
      output: { price: 3 },
      actor: { id: 'local-admin' },
      traceparent,
    },
  });
  expect(intakeMessages['answer-task'].parse(request?.message)).toMatchObject({ traceparent });
  const text = JSON.stringify([request, answer.body, gateway.lines]);
  expect(cutTaskTokens(text)).toBe(text);
});

test('the first answer counts, and a second one is refused, before the hub has come to it and after', async () => {
  const { runId, token } = await waiting();
  expect((await send('failure', { token, error: 'OutOfStock', cause: 'none left' })).status).toBe(202);
  const refused = { status: 409, body: { code: 'task-timed-out' } };
  expect(await send('failure', { token, error: 'OutOfStock', cause: 'none left' })).toMatchObject(refused);
  expect(await send('success', { token })).toMatchObject(refused);
  await settle(runId);
  expect(await send('success', { token })).toMatchObject(refused);
  expect(await send('heartbeat', { token })).toMatchObject(refused);
  expect(await stored(runId)).toHaveLength(1);
});

test('with an Idempotency-Key the same answer may be sent again, and no other', async () => {
  const { runId, token } = await waiting();
  const key = { 'idempotency-key': 'once' };
  const first = await send('success', { token, output: 1 }, key);
  expect(await send('success', { token, output: 1 }, key)).toMatchObject({ status: 202, body: first.body });
  expect(await send('success', { token, output: 2 }, key)).toMatchObject({
    status: 409,
    body: { code: 'task-timed-out' },
  });
  expect(await stored(runId)).toHaveLength(1);
});

test('a sign of life moves the time of silence', async () => {
  const { runId, token } = await waiting(60);
  const due = async () =>
    (await owner.query('select heartbeat_deadline as at from baton.command where run_id = $1', [runId])).rows[0].at;
  const before = await due();
  expect((await send('heartbeat', { token })).status).toBe(204);
  expect((await due()) > before).toBe(true);
});

describe('what is no token of a task', () => {
  test.each<[string, (token: string) => string]>([
    ['a word', () => 'token'],
    ['one of another key', (token) => `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(43)}`],
    ['one with more behind it', (token) => `${token}A`],
    ['text of SQL', () => `'; drop table baton.command; --`],
    ['text that cannot be stored', () => 'a\u0000b'],
  ])('is refused: %s', async (_what, change) => {
    const { runId, token } = await waiting();
    for (const what of ['success', 'failure', 'heartbeat']) {
      expect(await send(what, { token: change(token) })).toMatchObject({
        status: 400,
        body: { code: 'invalid-token' },
      });
    }
    expect(await stored(runId)).toEqual([]);
  });

  test('a right one whose run is not there is told so', async () => {
    expect(await send('success', { token: tokenOf(`${randomUUID()}-1`) })).toMatchObject({
      status: 404,
      body: { code: 'task-does-not-exist' },
    });
  });
});

test('whose key is for other runs has no task there, and no sign of life comes of it', async () => {
  const { runId, token } = await waiting(60);
  const made = await gateway.post('/v1/auth/keys', { name: 'narrow', roles: ['submitter'], scope: { own: true } });
  expect(made.status).toBe(201);
  const headers = { authorization: `Bearer ${made.body.key}` };
  for (const what of ['success', 'failure', 'heartbeat']) {
    expect(await send(what, { token }, headers)).toMatchObject({ status: 404, body: { code: 'task-does-not-exist' } });
  }
  expect(await stored(runId)).toEqual([]);
});
