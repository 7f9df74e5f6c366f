import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { ModelBusy, spentOf, UnusableAnswer } from '../errors.js';
import type { ModelRequest } from '../model.js';
import {
  type ChatReply,
  type ChatServer,
  chat,
  chatError,
  chatStream,
  chunksOf,
  startChatServer,
} from '../testing/chat-server.js';
import { KEY, request as sample } from '../testing/sample-request.js';
import { createOpenAiModel } from './openai.js';

let server: ChatServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const never = new AbortController().signal;
const request: ModelRequest = { ...sample, model: 'known-model' };
const good = chat({ texts: ['{"score"', ': 9}'], cachedTokens: 60 });

async function modelWith(...replies: ChatReply[]) {
  server = await startChatServer(...replies);
  const model = createOpenAiModel({ apiKey: KEY, baseUrl: server.url, maxRetries: 0, silenceMs: 300 });
  return { ...model, received: server.received };
}

const errorOf = async (...replies: ChatReply[]): Promise<unknown> =>
  (await modelWith(...replies)).call(request, never).then(
    ({ text }) => expect.fail(`answered ${text}`),
    (error: unknown) => error,
  );

describe('a server that speaks the chat completions API', () => {
  test('answers a single question by its schema, with cached tokens apart', async () => {
    const { call, received } = await modelWith(good);
    expect(await call({ ...request, effort: 'low' }, never)).toEqual({
      text: '{"score": 9}',
      content: [{ role: 'assistant', content: '{"score": 9}' }],
      toolCalls: [],
      model: 'known-model-2026',
      stopReason: 'end_turn',
      usage: { inputTokens: 40, outputTokens: 20, cacheReadTokens: 60, cacheWriteTokens: 0 },
      requestId: 'req_chat',
    });
    expect(received[0]).toMatchObject({ path: '/v1/chat/completions', headers: { authorization: `Bearer ${KEY}` } });
    expect(received[0]?.body).toEqual({
      model: 'known-model',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 64_000,
      messages: [
        { role: 'system', content: 'You review plans.' },
        { role: 'user', content: 'Review this plan.' },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'Review',
          strict: true,
          schema: {
            type: 'object',
            properties: { score: { type: 'number', description: '{minimum: 0, maximum: 10}' } },
            required: ['score'],
            additionalProperties: false,
          },
        },
      },
      reasoning_effort: 'low',
    });
  });

  test('holds a conversation with tools', async () => {
    const { call, received } = await modelWith(
      chat({ calls: [{ id: 'c1', name: 'read', json: '{"path":"x.ts"}' }], finishReason: 'tool_calls' }),
      chat({ texts: ['done'] }),
    );
    const tools = [{ name: 'read', description: 'Reads.', inputSchema: { type: 'object' } }];
    const asked = { ...request, output: null, tools };
    const first = await call(asked, never);
    expect(first).toMatchObject({
      stopReason: 'tool_use',
      toolCalls: [{ id: 'c1', name: 'read', input: { path: 'x.ts' } }],
    });
    const outcomes = [{ callId: 'c1', text: 'not there', isError: true }];
    await call({ ...asked, turns: [{ content: first.content, outcomes, note: 'Hurry.' }] }, never);
    expect(received[1]?.body).toMatchObject({
      tools: [{ type: 'function', function: { name: 'read', description: 'Reads.', parameters: { type: 'object' } } }],
      messages: [
        {},
        {},
        { role: 'assistant', content: null, tool_calls: [{ id: 'c1', function: { arguments: '{"path":"x.ts"}' } }] },
        { role: 'tool', tool_call_id: 'c1', content: 'Error: not there' },
        { role: 'user', content: 'Hurry.' },
      ],
    });
  });

  test('tells calls apart that its server gives one place', async () => {
    const call1 = { index: 0, id: 'c1', function: { name: 'read', arguments: '{"path":"x"}' } };
    const call2 = { index: 0, id: 'c2', function: { name: 'list', arguments: '{}' } };
    const chunk = { id: 'x', object: 'chat.completion.chunk', model: 'known-model' };
    const { call } = await modelWith(
      chatStream([
        { ...chunk, choices: [{ index: 0, delta: { tool_calls: [call1, call2] }, finish_reason: null }] },
        { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      ]),
    );
    expect(await call({ ...request, output: null, tools: [] }, never)).toMatchObject({
      toolCalls: [
        { id: 'c1', name: 'read', input: { path: 'x' } },
        { id: 'c2', name: 'list', input: {} },
      ],
    });
  });

  test('gives a call that was cut off without half of its input', async () => {
    const { call } = await modelWith(
      chat({ calls: [{ id: 'c1', name: 'write', json: '{"text":"half' }], finishReason: 'length' }),
    );
    const answer = await call({ ...request, output: null, tools: [] }, never);
    expect(answer).toMatchObject({ stopReason: 'max_tokens', toolCalls: [{ id: 'c1', input: {} }] });
  });

  test('may want the limit by its new name, or know no schemas', async () => {
    const { call, received } = await modelWith(
      chatError(400, 'unsupported_parameter', "'max_tokens' is not supported. Use 'max_completion_tokens' instead."),
      chatError(400, 'unsupported_parameter', 'response_format of type json_schema is not supported'),
      good,
    );
    expect(await call(request, never)).toMatchObject({ text: '{"score": 9}' });
    expect(received[2]?.body).toMatchObject({ max_completion_tokens: 64_000 });
    expect(received[2]?.body).not.toHaveProperty('response_format');
    expect(JSON.stringify(received[2]?.body.messages)).toContain('JSON Schema');
  });

  test('that is busy says how long to wait', async () => {
    const error = await errorOf(chatError(429, 'rate_limit_exceeded', 'Slow down', { 'retry-after': '7200' }));
    expect(error).toBeInstanceOf(ModelBusy);
    expect(error).toMatchObject({ code: 'model-rate-limited', retryAfterMs: 7_200_000 });
  });

  test.each<[string, ChatReply, object]>([
    ['an empty account', chatError(429, 'insufficient_quota'), { name: 'TerminalError', code: 'model-billing' }],
    [
      'a wrong key',
      chatError(401, 'invalid_api_key'),
      { code: 'model-auth', message: expect.stringContaining('OPENAI_API_KEY') },
    ],
    ['no such model', chatError(404, 'model_not_found'), { code: 'model-not-found' }],
    ['a prompt too long', chatError(400, 'context_length_exceeded', 'too long'), { code: 'model-context-limit' }],
    ['trouble', chatError(503, 'unavailable'), { name: 'RetryableError', code: 'model-unavailable' }],
    ['a refusal', chat({ refusal: 'I will not.' }), { code: 'Baton.ModelRefused' }],
    ['a filter', chat({ finishReason: 'content_filter' }), { code: 'Baton.ModelRefused' }],
    ['a limit', chat({ texts: ['{'], finishReason: 'length' }), { code: 'model-output-limit' }],
    [
      'a web page',
      (response) => void response.setHeader('content-type', 'text/html').end('<html>'),
      { code: 'model-unreadable', message: expect.stringContaining('web page') },
    ],
  ])('says in our words: %s', async (_, reply, expected) => {
    const error = await errorOf(reply);
    expect(error).toMatchObject(expected);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(KEY);
  });

  test.each<[string, ChatReply, string]>([
    [
      'is cut',
      chatStream(
        chunksOf({ texts: ['x'.repeat(400)] }).slice(0, 2),
        (response) => void setTimeout(() => response.destroy(), 30),
      ),
      'model-unreadable',
    ],
    ['falls silent', chatStream(chunksOf({ texts: ['x'.repeat(400)] }).slice(0, 2), () => undefined), 'model-timeout'],
    [
      'ends in an error',
      chatStream([
        ...chunksOf({ texts: ['x'.repeat(400)] }).slice(0, 2),
        { error: { message: 'no', code: 'server_error' } },
      ]),
      'model-unavailable',
    ],
  ])('costs about what came of an answer that %s', async (_, reply, code) => {
    const error = await errorOf(reply);
    expect(error).toMatchObject({ code });
    expect(spentOf(error)?.usage).toMatchObject({ outputTokens: 100, inputTokens: expect.any(Number) });
  });

  test('costs what it says where the answer is of no use', async () => {
    const error = await errorOf(chat({ refusal: 'no' }));
    expect(error).toBeInstanceOf(UnusableAnswer);
    expect(spentOf(error)?.usage).toMatchObject({ inputTokens: 100, outputTokens: 20 });
  });

  test('is asked for key and model before the first call', async () => {
    const { check } = await modelWith(good);
    expect(await check('known-model', never)).toMatchObject({ maxOutputTokens: null });
    await expect(check('other', never)).rejects.toMatchObject({ code: 'model-not-found' });
    const wrong = createOpenAiModel({ apiKey: 'wrong', baseUrl: server?.url ?? '' });
    await expect(wrong.check('known-model', never)).rejects.toMatchObject({ code: 'model-auth' });
  });

  test('where nobody listens is unreachable', async () => {
    const { call } = await modelWith(good);
    await server?.close();
    await expect(call(request, never)).rejects.toMatchObject({
      code: 'model-unreachable',
      next: expect.stringContaining('OPENAI_BASE_URL'),
    });
  });
});
