import { setTimeout as delay } from 'node:timers/promises';
import { RetryableError } from '@baton/contracts';
import { afterEach, describe, expect, test } from 'vitest';
import {
  apiError,
  eventsOf,
  type MessagesServer,
  message,
  type Reply,
  startMessagesServer,
  stream,
} from '../testing/messages-server.js';
import { KEY, request } from '../testing/sample-request.js';
import { type AnthropicModelConfig, createAnthropicModel } from './anthropic.js';

let server: MessagesServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(...replies: Reply[]): Promise<MessagesServer> {
  server = await startMessagesServer(...replies);
  return server;
}

const never = new AbortController().signal;

/** What a call to a server with these replies throws. */
async function errorOf(replies: readonly Reply[], config: Partial<AnthropicModelConfig> = {}): Promise<unknown> {
  const { url } = await serve(...replies);
  const call = createAnthropicModel({ apiKey: KEY, baseUrl: url, maxRetries: 0, ...config }).call;
  return call(request, never).then(
    (response) => expect.fail(`answered ${response.text}`),
    (error: unknown) => error,
  );
}

describe('a server that does not answer', () => {
  test('where nobody listens is unreachable, with the reason below “fetch failed”', async () => {
    const { url, close } = await serve(message({ texts: [] }));
    await close();
    const call = createAnthropicModel({ apiKey: KEY, baseUrl: url, maxRetries: 0 }).call;
    const error = await call(request, never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: 'model-unreachable', message: expect.stringContaining('ECONNREFUSED') });
  });

  test('is given up at the time limit, also when it stalls after the first bytes', async () => {
    const silent: Reply = () => undefined;
    expect(await errorOf([silent], { silenceMs: 150 })).toMatchObject({ code: 'model-timeout' });
    await server?.close();
    const stalled = stream(eventsOf({ texts: ['{'] }).slice(0, 7), () => undefined);
    expect(await errorOf([stalled], { silenceMs: 150 })).toMatchObject({ code: 'model-timeout' });
  });

  test('an address that is none is refused at once', () => {
    expect(() => createAnthropicModel({ apiKey: KEY, baseUrl: 'localhost:11434' })).toThrow(
      expect.objectContaining({ code: 'model-base-url' }),
    );
  });
});

describe('an abort', () => {
  test.each<[string, Reply]>([
    ['before the answer begins', () => undefined],
    ['in the middle of the answer', stream(eventsOf({ texts: ['{'] }).slice(0, 7), () => undefined)],
    ['while it waits to repeat', apiError(529, 'overloaded_error', 'Overloaded', { 'retry-after': '2' })],
  ])('%s ends the call and the connection', async (_when, reply) => {
    let isClosed = false;
    const { url } = await serve(async (response, received) => {
      response.on('close', () => {
        isClosed = true;
      });
      await reply(response, received);
    });
    const controller = new AbortController();
    const started = createAnthropicModel({ apiKey: KEY, baseUrl: url }).call(request, controller.signal);
    const error = started.catch((thrown: unknown) => thrown);
    await expect.poll(() => server?.received.length).toBe(1);
    await delay(50);
    controller.abort(new Error('lock lost'));
    expect(await error).toBeInstanceOf(RetryableError);
    expect(await error).toMatchObject({ code: 'model-aborted' });
    await expect.poll(() => isClosed).toBe(true);
    expect(server?.received).toHaveLength(1);
  });

  test('before the call sends nothing', async () => {
    const { url, received } = await serve(message({ texts: ['{}'] }));
    const call = createAnthropicModel({ apiKey: KEY, baseUrl: url }).call;
    await expect(call(request, AbortSignal.abort())).rejects.toMatchObject({ code: 'model-aborted' });
    expect(received).toHaveLength(0);
  });
});
