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

test.each([301, 302, 307, 308])(
  'a redirect (%i) is not followed, and no other try would lead elsewhere',
  async (status) => {
    const { asked, settings } = await serviceThat(status, '', { location: 'http://127.0.0.1:1/' });
    await expect(callService({}, context, settings)).rejects.toMatchObject({
      code: 'service-refused',
      message: expect.stringContaining(`${status}`),
    });
    expect(asked).toHaveLength(1);
  },
);

test('a service that is away is busy, and so is one that goes away in the middle of its answer', async () => {
  const { settings } = await serviceThat(200, '{}');
  server?.removeAllListeners('request');
  server?.on('request', (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"isKnown":', () => response.destroy());
  });
  await expect(callService({}, context, settings)).rejects.toMatchObject({ name: 'ServiceBusy' });
  await new Promise((resolve) => server?.close(resolve));
  await expect(callService({}, context, settings)).rejects.toMatchObject({ name: 'ServiceBusy' });
});

test('a cancelled run ends the request, also in the middle of an answer, and that is no fault of the service', async () => {
  const { settings } = await serviceThat(200, '{}');
  const cancelled = new AbortController();
  server?.removeAllListeners('request');
  server?.on('request', (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"isKnown":', () => cancelled.abort());
  });
  const asked = callService({}, { ...context, signal: cancelled.signal }, settings);
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
});

test.each([
  ['is no JSON', '<html>', 'answer-no-json'],
  ['is too large', 'x'.repeat(4 * 1024 * 1024 + 1), 'answer-too-large'],
])('what %s is no answer', async (_, body, code) => {
  const { settings } = await serviceThat(200, body);
  await expect(callService({}, context, settings)).rejects.toMatchObject({ name: 'TerminalError', code });
});
