import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { callService } from './call-service.ts';
import { readSettings } from './env.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  if (server?.listening === true) await new Promise((resolve) => server?.close(resolve));
});

async function serviceThat(status: number, body: string, headers: IncomingHttpHeaders = {}) {
  const asked: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  server = createServer(async (request, response) => {
    asked.push({ headers: request.headers, body: await text(request) });
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const env = { HTTP_SERVICE_URL: `http://127.0.0.1:${port}/check`, HTTP_SERVICE_KIND: 'address-check' };
  return { asked, settings: readSettings({ ...env, HTTP_SERVICE_HEADER: 'authorization: Bearer of-the-worker' }) };
}

const context = { idempotencyKey: 'r-1', runId: 'r', heartbeat: () => {}, signal: new AbortController().signal };

test('a service is given the arguments of a task under the key of that task, and its answer is the output', async () => {
  const { asked, settings } = await serviceThat(200, '{"isKnown":true}');
  expect(await callService({ street: 'Am Markt 1' }, context, settings)).toEqual({ isKnown: true });
  expect(asked).toMatchObject([
    {
      body: '{"street":"Am Markt 1"}',
      headers: { 'idempotency-key': 'r-1', 'x-run-id': 'r', authorization: 'Bearer of-the-worker' },
    },
  ]);
});

test.each([408, 429, 500, 503])('after a status of %i another try can help', async (status) => {
  const { settings } = await serviceThat(status, 'later');
  await expect(callService({}, context, settings)).rejects.toMatchObject({ name: 'ServiceBusy' });
});

test.each([400, 401, 404, 422])('after a status of %i none can', async (status) => {
  const { settings } = await serviceThat(status, 'no such street');
  const refused = { name: 'TerminalError', message: expect.stringContaining('no such street') };
  await expect(callService({}, context, settings)).rejects.toMatchObject(refused);
});

test('a service that is away is busy; one that leads elsewhere is not followed; what is no JSON is no answer', async () => {
  const elsewhere = await serviceThat(302, '', { location: 'http://127.0.0.1:1/' });
  await expect(callService({}, context, elsewhere.settings)).rejects.toMatchObject({ name: 'ServiceBusy' });
  expect(elsewhere.asked).toHaveLength(1);
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  await expect(callService({}, context, elsewhere.settings)).rejects.toMatchObject({ name: 'ServiceBusy' });
  const { settings } = await serviceThat(200, '<html>');
  await expect(callService({}, context, settings)).rejects.toMatchObject({ code: 'answer-no-json' });
});
