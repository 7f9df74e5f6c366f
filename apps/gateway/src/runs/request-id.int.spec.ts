import { pendingRequests } from '@baton/event-store';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const body = { workflow: 'two-steps', input: { requirements: 'Count words.' } };
/** As most clients send a header: each byte of its UTF-8 is one character to `fetch`. */
const asUtf8 = (key: string): string => Buffer.from(key, 'utf8').toString('latin1');
const byHeader = (key: string) => gateway.post('/v1/runs', body, { 'idempotency-key': key });
const byBody = (requestId: string) => gateway.post('/v1/runs', { ...body, requestId });

test('a member of any name in the input of a run is stored as it came', async () => {
  const input = '{"requirements":"x","__proto__":{"a":[1]},"constructor":{"prototype":2},"\\u0000":"\\ud800"}';
  const definition = { StartAt: 'A', States: { A: { Type: 'Succeed' } } };
  await gateway.post('/v1/workflows', { name: 'open', version: '1.0.0', title: 'Takes anything', definition });
  const answer = await gateway.post('/v1/runs', `{"workflow":"open","requestId":"odd-names","input":${input}}`);
  expect(answer.status).toBe(202);
  const [request] = (await pendingRequests(gateway.hub, { limit: 100 })).filter(
    ({ requestId }) => requestId === 'odd-names',
  );
  expect(JSON.stringify(request?.message.input)).toBe(input);
});

describe('an idempotency key', () => {
  test.each(['bestellung-ä-1', '注文-7', 'été 😀', 'e\u0301'])('%s is one key in header and body', async (key) => {
    const first = await byHeader(asUtf8(key));
    expect(first).toMatchObject({ status: 202, body: { requestId: key } });
    for (const again of [await byBody(key), await byHeader(asUtf8(key)), await byHeader(`"${asUtf8(key)}"`)]) {
      expect(again).toMatchObject({ status: 202, body: { requestId: key, runId: first.body.runId } });
    }
    // As the queue would bring it: the hub reads it from here.
    const requests = await pendingRequests(gateway.hub, { limit: 100 });
    expect(requests.filter((request) => request.requestId === key)).toHaveLength(1);
  });

  test('is the same from a client that sends its header in Latin-1, as fetch does', async () => {
    const key = 'größe-é';
    const [first, again] = [await byHeader(key), await byBody(key)];
    expect(first).toMatchObject({ status: 202, body: { requestId: key } });
    expect(again.body.runId).toBe(first.body.runId);
  });

  test.each(['a\u0085b', 'a\u0000b', 'a\ud83d', 'a\nb'])('%j is refused with the reason', async (requestId) => {
    const answer = await byBody(requestId);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/requestId' }] } });
    expect(answer.body.errors[0].detail).toContain('control characters or half a surrogate pair');
  });

  test('that is a control character is refused in the header, too', async () => {
    expect(await byHeader(asUtf8('a\u0085b'))).toMatchObject({ status: 400 });
  });
});
