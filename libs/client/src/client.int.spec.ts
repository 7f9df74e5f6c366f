import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openClient } from './client.js';
import { followEvents } from './follow-events.js';

let server: Server;
let url = '';
const asked: IncomingMessage[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    const isStream = request.headers.accept === 'text/event-stream';
    response.setHeader('content-type', isStream ? 'text/event-stream' : 'application/json');
    response.end(isStream ? 'event: end\ndata: {}\n\n' : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  asked.length = 0;
});

const sent = (name: string): readonly unknown[] => asked.map(({ headers }) => headers[name]);

test('signed in with a cookie it sends what guards against forgery, with all but reading, and no token', async () => {
  const client = openClient({ url, token: null, csrf: 'of-this-session' });
  await client.get('/v1/workers').catch(() => undefined);
  await client.post('/v1/queues/rebuild').catch(() => undefined);
  await client.delete('/v1/webhooks/{id}', { params: { path: { id: 'x' } } }).catch(() => undefined);
  expect(sent('x-baton-csrf')).toEqual([undefined, 'of-this-session', 'of-this-session']);
  expect(sent('authorization')).toEqual([undefined, undefined, undefined]);
});

test('one client outlives signing in again', async () => {
  let csrf: string | null = null;
  const client = openClient({ url, token: null, csrf: () => csrf });
  await client.post('/v1/queues/rebuild').catch(() => undefined);
  csrf = 'the-second';
  await client.post('/v1/queues/rebuild').catch(() => undefined);
  expect(sent('x-baton-csrf')).toEqual([undefined, 'the-second']);
});

test('with a token it sends that alone', async () => {
  await openClient({ url, token: 'the-token' })
    .post('/v1/queues/rebuild')
    .catch(() => undefined);
  expect([sent('x-baton-csrf'), sent('authorization')]).toEqual([[undefined], ['Bearer the-token']]);
});

test('follows events where streams cannot be iterated over, as in some browsers', async () => {
  const iterator = Object.getOwnPropertyDescriptor(ReadableStream.prototype, Symbol.asyncIterator);
  Reflect.deleteProperty(ReadableStream.prototype, Symbol.asyncIterator);
  try {
    const events = followEvents(openClient({ url, token: null }), {
      runId: 'r',
      after: 0,
      signal: AbortSignal.timeout(5_000),
      patienceMs: 1_000,
    });
    for await (const event of events) expect(event).toBeUndefined();
    expect(sent('accept')).toEqual(['text/event-stream']);
  } finally {
    if (iterator !== undefined) Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, iterator);
  }
});
