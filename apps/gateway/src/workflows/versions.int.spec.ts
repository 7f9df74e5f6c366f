import { document } from '@baton/read-model/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const versionOf = (name: string, version: string, over: object = {}) => ({ ...document, name, version, ...over });
const publish = (body: unknown) => gateway.post('/v1/workflows', body);
const validate = (body: unknown) => gateway.post('/v1/workflows/validate', body);

test('many at once, and of each version one or none is published, the highest in any case', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => publish(versionOf('at-once', `1.0.${n % 4}`, { title: `${n % 8}` }))),
  );
  const statuses = answers.map(({ status }) => status);
  const published = answers.filter(({ status }) => status === 201).map(({ body }) => body.version);
  expect(new Set(published).size).toBe(published.length);
  expect(published).toContain('1.0.3');
  expect(statuses.filter((status) => ![200, 201, 409].includes(status))).toEqual([]);
});

test('a version that is lower than the newest is refused; what is published already is no news', async () => {
  await publish(versionOf('lower', '1.5.0'));
  await publish(versionOf('lower', '1.10.0'));
  const answer = await publish(versionOf('lower', '1.9.0'));
  expect(answer.status).toBe(409);
  expect(answer.body).toMatchObject({
    code: 'workflow-version-lower',
    detail: expect.stringContaining('1.10.0'),
    next: expect.stringContaining('above 1.10.0'),
    errors: [{ pointer: '/version', detail: 'is lower than 1.10.0' }],
  });
  const { body } = await validate(versionOf('lower', '1.9.0'));
  expect(body.findings).toContainEqual(
    expect.objectContaining({ severity: 'warning', pointer: '/version', code: 'workflow-version-lower' }),
  );
  expect((await publish(versionOf('lower', '1.5.0'))).status).toBe(200);
  expect((await gateway.get('/v1/workflows/lower')).body.version).toBe('1.10.0');
  expect((await gateway.post('/v1/workflows/lower@1.10.0/withdraw')).status).toBe(200);
  expect((await publish(versionOf('lower', '1.9.0'))).status).toBe(201);
});

test('a version that is lower than that of a file that ships is refused', async () => {
  const answer = await publish(versionOf('two-steps', '0.9.0'));
  expect(answer.body).toMatchObject({ status: 409, code: 'workflow-version-lower' });
});
