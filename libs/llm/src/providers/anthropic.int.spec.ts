import { inspect } from 'node:util';
import { RetryableError, TerminalError } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { UnusableAnswer } from '../errors.js';
import { apiError, eventsOf, message, type Reply, status, stream } from '../testing/messages-server.js';
import { KEY, request } from '../testing/sample-request.js';
import { never, servingMessages } from '../testing/served-model.js';
import { createAnthropicModel } from './anthropic.js';

const { serve, errorOf, served } = servingMessages();

describe('a call that succeeds', () => {
  test('gives the text without the thinking, the model, the request id, and each kind of token apart', async () => {
    const { url } = await serve(message({ texts: ['{"score"', ': 9}'] }));
    const call = createAnthropicModel({ apiKey: KEY, baseUrl: url }).call;
    expect(await call(request, never)).toEqual({
      text: '{"score": 9}',
      content: [
        { type: 'thinking', thinking: 'not part of the answer', signature: '' },
        { type: 'text', text: '{"score": 9}' },
      ],
      toolCalls: [],
      model: 'claude-sonnet-5-5',
      stopReason: 'end_turn',
      usage: { inputTokens: 10, outputTokens: 25, cacheReadTokens: 7, cacheWriteTokens: 3 },
      requestId: 'req_test',
    });
  });

  test('sends the schema, a large limit and a cache mark as a stream, and nothing that current models refuse', async () => {
    const { url, received } = await serve(message({ texts: ['{}'] }));
    await createAnthropicModel({ apiKey: KEY, baseUrl: `${url}/` }).call(request, never);
    expect(received).toHaveLength(1);
    expect(received[0]?.path).toBe('/v1/messages');
    expect(received[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(received[0]?.body).toEqual({
      model: 'claude-sonnet-5-5',
      max_tokens: 64_000,
      stream: true,
      system: [{ type: 'text', text: 'You review plans.', cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Review this plan.' }] }],
      output_config: {
        format: {
          type: 'json_schema',
          schema: {
            type: 'object',
            // Ranges are not part of what the API takes; the model reads them as a description.
            properties: { score: { type: 'number', description: '{minimum: 0, maximum: 10}' } },
            required: ['score'],
            additionalProperties: false,
          },
        },
      },
    });
  });

  test('leaves an empty system prompt out, because the API refuses one', async () => {
    const { url, received } = await serve(message({ texts: ['{}'] }));
    await createAnthropicModel({ apiKey: KEY, baseUrl: url }).call({ ...request, system: '' }, never);
    expect(received[0]?.body).not.toHaveProperty('system');
  });

  test('takes a message whose server reports no cache tokens and no stop details', async () => {
    const usage = { cache_creation_input_tokens: null, cache_read_input_tokens: null };
    const { url } = await serve(message({ texts: ['{}'], usage }));
    const response = await createAnthropicModel({ apiKey: KEY, baseUrl: url }).call(request, never);
    expect(response.usage).toMatchObject({ cacheReadTokens: 0, cacheWriteTokens: 0 });
  });
});

describe('trouble of the server', () => {
  test('is passed over once: overloaded, then an answer', async () => {
    const overloaded = apiError(529, 'overloaded_error', 'Overloaded', { 'retry-after-ms': '20' });
    const { url, received } = await serve(overloaded, message({ texts: ['{}'] }));
    const response = await createAnthropicModel({ apiKey: KEY, baseUrl: url }).call(request, never);
    expect(response.text).toBe('{}');
    expect(received).toHaveLength(2);
  });

  test('in the middle of a stream is known by its type, although the status was 200', async () => {
    const cut = stream([
      ...eventsOf({ texts: ['{'] }).slice(0, 7),
      { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } },
    ]);
    const error = await errorOf([cut]);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: 'model-rate-limited', message: expect.stringContaining('Slow down') });
  });

  test('is reported after the one repetition, and repeated no further', async () => {
    const overloaded = apiError(529, 'overloaded_error', 'Overloaded', { 'retry-after-ms': '20' });
    const error = await errorOf([overloaded], { maxRetries: 1 });
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: 'model-overloaded', retryAfterMs: 20 });
    expect(served()?.received).toHaveLength(2);
  });

  test('with a long wait is left to the queue, with the wait the server asked for', async () => {
    const error = await errorOf([apiError(429, 'rate_limit_error', 'Slow down', { 'retry-after': '90' })], {
      maxRetries: 1,
    });
    expect(error).toMatchObject({ code: 'model-rate-limited', retryAfterMs: 90_000 });
    expect(served()?.received).toHaveLength(1);
  });

  test('reads a wait that is given as an instant', async () => {
    const headers = { 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' };
    const nowMs = () => Date.parse('2026-11-21T12:00:00Z');
    const error = await errorOf([apiError(503, 'api_error', 'Down', headers)], { nowMs });
    expect(error).toMatchObject({ code: 'model-unavailable', retryAfterMs: 30_000 });
  });

  test('is final where the server says that another try is in vain', async () => {
    const error = await errorOf([apiError(429, 'rate_limit_error', 'Quota spent', { 'x-should-retry': 'false' })]);
    expect(error).toBeInstanceOf(TerminalError);
    expect(error).toMatchObject({ code: 'model-rate-limited' });
  });
});

describe('a request that is refused', () => {
  test.each([
    [401, 'authentication_error'],
    [403, 'permission_error'],
  ])('with %i says which key was refused by whom and what to do, and keeps the key to itself', async (code, type) => {
    const error = await errorOf([apiError(code, type, 'invalid credentials')], { maxRetries: 1 });
    expect(error).toBeInstanceOf(TerminalError);
    expect(error).toMatchObject({
      code: 'model-auth',
      message: `ANTHROPIC_API_KEY was refused by ${served()?.url}: ${code} “invalid credentials”.`,
      next: expect.stringContaining('Set ANTHROPIC_API_KEY to a valid key'),
    });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(KEY);
    expect(served()?.received).toHaveLength(1);
  });

  test.each([
    [400, 'invalid_request_error', 'model-request'],
    [402, 'billing_error', 'model-billing'],
    [404, 'not_found_error', 'model-not-found'],
    [413, 'request_too_large', 'model-request'],
  ])('with %i is final', async (code, type, expected) => {
    const error = await errorOf([apiError(code, type, 'no')], { maxRetries: 1 });
    expect(error).toBeInstanceOf(TerminalError);
    expect(error).toMatchObject({ code: expected });
    expect(served()?.received).toHaveLength(1);
  });

  test('for its schema does not reach the server', async () => {
    const { url, received } = await serve(message({ texts: ['{}'] }));
    const call = createAnthropicModel({ apiKey: KEY, baseUrl: url }).call;
    const untyped = { ...request, output: { name: 'Odd', jsonSchema: { properties: { a: {} } } } };
    await expect(call(untyped, never)).rejects.toMatchObject({ code: 'model-request' });
    expect(received).toHaveLength(0);
  });
});

describe('an answer of no use', () => {
  test('a refusal is final, gives its reason, and knows what was paid', async () => {
    const stopDetails = { type: 'refusal', category: 'cyber', explanation: 'Looks like malware.' };
    const error = await errorOf([message({ texts: [], stopReason: 'refusal', stopDetails })]);
    expect(error).toBeInstanceOf(UnusableAnswer);
    expect(error).toBeInstanceOf(TerminalError);
    expect(error).toMatchObject({
      code: 'Baton.ModelRefused',
      message: 'The model claude-sonnet-5-5 refused to answer (cyber: Looks like malware).',
      spent: { usage: { inputTokens: 10, outputTokens: 25 }, requestId: 'req_test' },
    });
  });

  test('an answer that was cut off says at which limit', async () => {
    const error = await errorOf([message({ texts: ['{"sco'], stopReason: 'max_tokens' })]);
    expect(error).toBeInstanceOf(UnusableAnswer);
    expect(error).toMatchObject({
      code: 'model-output-limit',
      message: expect.stringContaining('64000 output tokens'),
    });
  });

  test.each([
    ['model_context_window_exceeded', 'model-context-limit', UnusableAnswer],
    ['tool_use', 'model-unexpected-stop', UnusableAnswer],
    ['pause_turn', 'model-paused', UnusableAnswer],
  ])('%s is not taken for an answer', async (stopReason, code, kind) => {
    const error = await errorOf([message({ texts: ['{}'], stopReason })]);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ code });
  });

  test.each<[string, Reply]>([
    ['a web page', status(200, '<html>hello</html>', { 'content-type': 'text/html' })],
    ['no JSON in an event', (response) => void response.end('event: message_start\ndata: {oops\n\n')],
    ['events of no message', stream([{ type: 'message_start', message: {} }, { type: 'message_stop' }])],
    ['a stream that ends early', stream(eventsOf({ texts: ['{'] }).slice(0, 7))],
    [
      'a connection that breaks',
      stream(eventsOf({ texts: ['{'] }).slice(0, 7), (response) => void setTimeout(() => response.destroy(), 30)),
    ],
  ])('%s can be tried again, and points at the address', async (_what, reply) => {
    const error = await errorOf([reply]);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: 'model-unreadable', next: expect.stringContaining('ANTHROPIC_BASE_URL') });
  });

  const page: Reply = status(200, '<html>hello</html>', { 'content-type': 'text/html' });

  test('that is a web page time and again, and never was anything else, is final', async () => {
    const { url } = await serve(page);
    const call = createAnthropicModel({ apiKey: KEY, baseUrl: url }).call;
    for (let n = 0; n < 3; n += 1) await expect(call(request, never)).rejects.toBeInstanceOf(RetryableError);
    const error = await call(request, never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TerminalError);
    expect(error).toMatchObject({ code: 'model-web-page', next: expect.stringContaining('ANTHROPIC_BASE_URL') });
  });

  test('that is a web page now and then can be tried again however often', async () => {
    const { url } = await serve(message({ texts: ['{}'] }), page);
    const call = createAnthropicModel({ apiKey: KEY, baseUrl: url }).call;
    await call(request, never);
    for (let n = 0; n < 5; n += 1) await expect(call(request, never)).rejects.toBeInstanceOf(RetryableError);
  });

  test('that is the page of a server without such an address is no word about the model', async () => {
    const error = await errorOf([status(404, '<html>not here</html>', { 'content-type': 'text/html' })]);
    expect(error).toMatchObject({ code: 'model-web-page', message: expect.stringContaining('web pages') });
  });

  test('that is the page of a proxy whose server is away can be tried again', async () => {
    const busy = await errorOf([status(503, '<html>starting</html>', { 'content-type': 'text/html' })]);
    expect(busy).toBeInstanceOf(RetryableError);
  });
});
