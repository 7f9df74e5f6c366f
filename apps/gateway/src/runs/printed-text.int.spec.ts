import { randomUUID } from 'node:crypto';
import type { Actor } from '@baton/contracts';
import { createPool, putUpload } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const PRINTED = 'ok 1 - adds\n<script>alert(1)</script>\n';

/** A run whose second event is the report of a validation by tools, by this worker. */
async function judged(actor: Actor = { type: 'agent', id: 'validator' }): Promise<string> {
  const runId = randomUUID();
  const owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'printed-spec' });
  const stdout = await putUpload(owner, Buffer.from(PRINTED));
  await owner.end();
  const execution = { printed: { stdout, stderr: null, isCut: false } };
  const output = { tools: [{ tool: 'unit tests', execution }, { tool: 'types', execution: null }, 7] };
  const data = JSON.parse(JSON.stringify({ visit: 0, commandId: `${runId}-1`, output }));
  await gateway.log.append(runId, runStarted(), { type: 'TaskSucceeded', data, actor });
  await expect.poll(async () => (await gateway.get(`/v1/runs/${runId}`)).status).toBe(200);
  return runId;
}

const fetched = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });

test('what a tool printed is given as a text that no browser shows or runs, and to who has it only its name', async () => {
  const runId = await judged();
  const path = `/v1/runs/${runId}/printed?event=2&tool=unit%20tests&stream=stdout`;
  const answer = await fetched(path);
  expect(await answer.text()).toBe(PRINTED);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': expect.stringMatching(/^attachment; filename="unit_tests\.stdout\.txt"/),
    'content-security-policy': expect.stringContaining('sandbox'),
    'x-content-type-options': 'nosniff',
  });
  const again = await fetched(path, { 'if-none-match': answer.headers.get('etag') ?? '' });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('nothing is given that no validation of this run names', async () => {
  const runId = await judged();
  const refused = async (query: string, of = runId) => (await gateway.get(`/v1/runs/${of}/printed?${query}`)).status;
  const asked = 'event=2&tool=unit%20tests&stream=stdout';
  expect(await refused('event=2&tool=unit%20tests&stream=stderr')).toBe(404);
  expect(await refused('event=2&tool=types&stream=stdout')).toBe(404);
  expect(await refused('event=1&tool=unit%20tests&stream=stdout')).toBe(404);
  expect(await refused('event=9&tool=unit%20tests&stream=stdout')).toBe(404);
  expect(await refused('event=0&tool=unit%20tests&stream=stdout')).toBe(404);
  expect(await refused('tool=unit%20tests&stream=stdout')).toBe(400);
  expect(await refused(`${asked}&sha256=${'0'.repeat(64)}`)).toBe(400);
  expect(await refused(asked)).toBe(200);
  // A worker of somebody's own that names a blob whose hash it knows.
  expect(await refused(asked, await judged({ type: 'agent', id: 'curious' }))).toBe(404);
});
