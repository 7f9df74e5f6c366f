import { randomUUID } from 'node:crypto';
import { PersonalErasureList, PersonalErasureView, PersonalSubjectView } from '@baton/contracts';
import { personalKeyStore } from '@baton/event-store';
import { Sealer } from '@baton/personal-data';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const SECRET = 'jane.doe@example.com';

/** A run that ended with something of a person, as the hub writes it. */
async function ended(subject: string): Promise<string> {
  const runId = randomUUID();
  const sealer = new Sealer(personalKeyStore(gateway.hub));
  const output = await sealer.sealed({ mail: SECRET, n: 1 }, [{ subject: '/id', places: ['/mail'] }], {
    input: { id: subject },
    runId,
  });
  await gateway.log.append(runId, runStarted(), { type: 'RunSucceeded', data: { output } });
  return runId;
}

async function keyOf(...roles: readonly string[]): Promise<Record<string, string>> {
  const { body } = await gateway.post('/v1/auth/keys', { name: `k${randomUUID().slice(0, 8)}`, roles });
  return { authorization: `Bearer ${body.key}` };
}

const resultOf = (runId: string, wish = '', headers: Record<string, string> = {}) =>
  gateway.get(`/v1/runs/${runId}/result${wish}`, headers);

test('a result shows what is personal to those alone who ask for it and may read it', async () => {
  const runId = await ended(`c-${randomUUID()}`);
  const closed = await resultOf(runId);
  expect(closed.body.output).toEqual({ mail: { $sealed: expect.anything() }, n: 1 });
  for (const roles of [['operator'], ['approver'], ['admin'], ['viewer', 'operator']])
    expect((await resultOf(runId, '?personal=open', await keyOf(...roles))).body.output).toEqual({
      mail: SECRET,
      n: 1,
    });
  for (const role of ['viewer', 'auditor', 'submitter'])
    expect(await resultOf(runId, '?personal=open', await keyOf(role))).toMatchObject({
      status: 403,
      body: { code: 'forbidden', detail: expect.stringContaining(role) },
    });
  expect(await resultOf(runId, '?personal=yes')).toMatchObject({ status: 400, body: { code: 'invalid-parameter' } });
  const state = await gateway.get(`/v1/runs/${runId}/state?personal=open`);
  expect(JSON.stringify(state.body)).toContain(SECRET);
  expect(JSON.stringify((await gateway.get(`/v1/runs/${runId}/state`)).body)).not.toContain(SECRET);
});

test('an erasure is for ever, is on record, and names nobody', async () => {
  const subject = `c-${randomUUID()}`;
  const runId = await ended(subject);
  const found = PersonalSubjectView.parse((await gateway.post('/v1/personal/lookups', { subject })).body);
  expect(found).toMatchObject({ runs: [runId], more: false });
  expect((await resultOf(runId, '?personal=open')).body.output).toEqual({ mail: SECRET, n: 1 });

  const erased = await gateway.post('/v1/personal/erasures', { subject, reason: 'asked to' });
  expect(PersonalErasureView.parse(erased.body)).toMatchObject({ keyId: found.keyId, runs: 1, reason: 'asked to' });
  // No process remembers the key by now.
  expect((await resultOf(runId, '?personal=open')).body.output).toEqual({ mail: { $erased: true }, n: 1 });
  for (const path of ['/v1/personal/lookups', '/v1/personal/erasures'])
    expect(await gateway.post(path, { subject, reason: 'again' }).then(({ status }) => status)).toBe(
      path.endsWith('lookups') ? 422 : 404,
    );
  expect(await gateway.post('/v1/personal/lookups', { subject })).toMatchObject({
    status: 404,
    body: { code: 'subject-not-found' },
  });
  const list = await gateway.get('/v1/personal/erasures', await keyOf('auditor'));
  expect(PersonalErasureList.parse(list.body).erasures.map(({ keyId }) => keyId)).toContain(found.keyId);
  expect(JSON.stringify(list.body)).not.toContain(subject);
  expect(gateway.lines.join('\n')).not.toContain(subject);
  expect((await gateway.get('/v1/audit/verify')).body).toMatchObject({ verified: true });
});

test.each([
  [{}, '/subject'],
  [{ subject: '', reason: 'x' }, '/subject'],
  [{ subject: 'x'.repeat(201), reason: 'x' }, '/subject'],
  [{ subject: '\ud800', reason: 'x' }, '/subject'],
  [{ subject: 'a' }, '/reason'],
  [{ subject: 'a', reason: '' }, '/reason'],
  [{ subject: 'a', reason: 'b', force: true }, '/force'],
])('an erasure such as %j is refused by name', async (body, pointer) => {
  const answer = await gateway.post('/v1/personal/erasures', body);
  expect(answer).toMatchObject({
    status: 422,
    body: { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) },
  });
});
