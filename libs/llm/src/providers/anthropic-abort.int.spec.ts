import { setTimeout as delay } from 'node:timers/promises';
import { RetryableError } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { apiError, eventsOf, message, type Reply, stream } from '../testing/messages-server.js';
import { KEY, request } from '../testing/sample-request.js';
import { never, servingMessages } from '../testing/served-model.js';
import { createAnthropicModel } from './anthropic.js';

const { serve, errorOf, served } = servingMessages();

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
    await served()?.close();
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
    await expect.poll(() => served()?.received.length).toBe(1);
    await delay(50);
    controller.abort(new Error('lock lost'));
    expect(await error).toBeInstanceOf(RetryableError);
    expect(await error).toMatchObject({ code: 'model-aborted' });
    await expect.poll(() => isClosed).toBe(true);
    expect(served()?.received).toHaveLength(1);
  });

  test('before the call sends nothing', async () => {
    const { url, received } = await serve(message({ texts: ['{}'] }));
    const call = createAnthropicModel({ apiKey: KEY, baseUrl: url }).call;
    await expect(call(request, AbortSignal.abort())).rejects.toMatchObject({ code: 'model-aborted' });
    expect(received).toHaveLength(0);
  });
});
