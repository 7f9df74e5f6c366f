import type { JsonObject } from '@baton/contracts';
import { afterEach, describe, expect, test } from 'vitest';
import { NO_OVERRIDES, parseCapabilityOverrides } from '../capabilities.js';
import type { ModelSettings } from '../connected-model.js';
import {
  apiError,
  type MessagesServer,
  message,
  type Reply,
  type ServerFacts,
  startServerWith,
} from '../testing/messages-server.js';
import { KEY, request } from '../testing/sample-request.js';
import { createAnthropicModel } from './anthropic.js';

let server: MessagesServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const never = new AbortController().signal;
const answered = message({ texts: ['{"score": 9}'] });

async function modelOf(facts: ServerFacts, replies: readonly Reply[] = [answered], settings: ModelSettings = {}) {
  server = await startServerWith(facts, ...replies);
  const turnedOff: string[] = [];
  const model = createAnthropicModel({
    apiKey: KEY,
    baseUrl: server.url,
    maxRetries: 0,
    onTurnedOff: ({ feature }) => turnedOff.push(feature),
    ...settings,
  });
  return { ...model, received: server.received, turnedOff };
}

const supported = { supported: true };
const modelInfo = (changes: JsonObject = {}): JsonObject => ({
  id: 'claude-sonnet-5-5',
  type: 'model',
  max_tokens: 32_000,
  max_input_tokens: 200_000,
  capabilities: {
    structured_outputs: supported,
    effort: {
      supported: true,
      low: supported,
      medium: supported,
      high: supported,
      xhigh: null,
      max: { supported: false },
    },
    thinking: { supported: true, types: { adaptive: supported, disabled: { supported: false } } },
  },
  ...changes,
});
const knowing = (body: JsonObject): ServerFacts => ({ models: () => ({ code: 200, body }) });

describe('what the Models API says', () => {
  test('bounds the answer, turns thinking on, and gives the nearest effort', async () => {
    const { call, check, received } = await modelOf(knowing(modelInfo()));
    expect(await check('claude-sonnet-5-5', never)).toMatchObject({ maxOutputTokens: 32_000, contextTokens: 200_000 });
    await call({ ...request, effort: 'max', maxOutputTokens: 96_000 }, never);
    expect(received[0]?.body).toMatchObject({
      max_tokens: 32_000,
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
    });
  });

  test('is not needed: a server without it gets what is usual', async () => {
    const { call, received } = await modelOf({});
    await call({ ...request, model: 'my-own' }, never);
    expect(received[0]?.body).toMatchObject({ max_tokens: 64_000, output_config: { format: { type: 'json_schema' } } });
    expect(received[0]?.body).not.toHaveProperty('thinking');
  });

  test.each([
    [401, { type: 'error', error: { type: 'authentication_error', message: 'no' } }, 'model-auth', 'ANTHROPIC_API_KEY'],
    [404, { type: 'error', error: { type: 'not_found_error', message: 'no' } }, 'model-not-found', 'BATON_MODEL'],
  ])('with %i stops whoever checks before the first call', async (code, body, expected, next) => {
    const { check } = await modelOf({ models: () => ({ code, body }) });
    await expect(check('claude-opus-9', never)).rejects.toMatchObject({
      name: 'TerminalError',
      code: expected,
      next: expect.stringContaining(next),
    });
  });

  test('says nothing of the model where there is no such address', async () => {
    const { check } = await modelOf({});
    expect(await check('claude-opus-5-5', never)).toMatchObject({ maxOutputTokens: 128_000 });
    expect(await check('my-own', never)).toMatchObject({ maxOutputTokens: null });
  });

  test('is asked for once, and not again where it does not answer', async () => {
    let asked = 0;
    const models = () => {
      asked += 1;
      return { code: 503, body: {} };
    };
    const { call } = await modelOf({ models });
    await call(request, never);
    await call(request, never);
    expect(asked).toBe(1);
  });
});

describe('what a server refuses', () => {
  const asking = { ...request, effort: 'high' } as const;
  test.each([
    ['output_config.effort: Extra inputs are not permitted', 'effort', { output_config: { format: {} } }],
    ['thinking: this model does not support adaptive thinking', 'thinking', {}],
    ['system.0.cache_control: Extra inputs are not permitted', 'cache', {}],
    ['output_config.format: json_schema is not supported by this model', 'structured-output', {}],
    [
      'max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens',
      'answers of more than 8192 tokens',
      { max_tokens: 8192 },
    ],
  ])('is left out from then on: %s', async (reason, lacking, expected) => {
    const { call, received, turnedOff } = await modelOf(knowing(modelInfo({ max_tokens: null })), [
      apiError(400, 'invalid_request_error', reason),
      answered,
    ]);
    expect(await call(asking, never)).toMatchObject({ text: '{"score": 9}' });
    expect(turnedOff).toEqual([lacking]);
    expect(received[1]?.body).toMatchObject(expected);
    await call(asking, never);
    expect(received).toHaveLength(3);
    expect(received[2]?.body).toEqual(received[1]?.body);
  });

  test.each([
    'prompt is too long: 215000 tokens > 9000 maximum',
    'input length and `max_tokens` exceed context limit: 190000 + 20000 > 9000, decrease input length or `max_tokens` and try again',
    "This model's maximum context length is 9000 tokens. However, your messages resulted in 9900 tokens.",
    "'max_tokens' is too large: 32000. This model's maximum context length is 9000 tokens and your request has 1000 input tokens (32000 > 9000 - 1000).",
    'request (9900 tokens) exceeds the available context size (9000 tokens), try increasing it',
    'Prompt contains 9900 tokens, too large for model with 9000 maximum context length',
    'The input token count (9900) exceeds the maximum number of tokens allowed (9000).',
  ])('as too long leaves less room for the answer, and then is told as such: %s', async (reason) => {
    const { call, contextTokens, received, turnedOff } = await modelOf(knowing(modelInfo({ max_input_tokens: null })), [
      apiError(400, 'invalid_request_error', reason),
    ]);
    await expect(call({ ...asking, maxOutputTokens: 32_000 }, never)).rejects.toMatchObject({
      code: 'model-context-limit',
      message: expect.stringContaining('is more than the model'),
    });
    expect(turnedOff).toEqual(['prompts and answers of more than 9000 tokens together']);
    expect(await contextTokens(asking.model, never)).toBe(9000);
    expect(received).toHaveLength(2);
    expect(received[1]?.body.max_tokens).toBeLessThan(9000);
  });

  test('in other words is final', async () => {
    const { call, received } = await modelOf({}, [apiError(400, 'invalid_request_error', 'tools.0.name: too long')]);
    await expect(call({ ...request, tools: [], output: null }, never)).rejects.toMatchObject({ code: 'model-request' });
    expect(received).toHaveLength(1);
  });

  test('may be tools, without which a conversation is none: one sentence with the next step', async () => {
    const tools = [{ name: 'read', description: 'Reads.', inputSchema: { type: 'object' } }];
    const { call, received } = await modelOf({}, [
      apiError(400, 'invalid_request_error', 'my-own does not support tools'),
    ]);
    const asked = { ...request, model: 'my-own', tools, output: null };
    const refusal = { code: 'model-no-tools', message: 'The model my-own cannot use tools on this server.' };
    await expect(call(asked, never)).rejects.toMatchObject(refusal);
    await expect(call(asked, never)).rejects.toMatchObject(refusal);
    expect(received).toHaveLength(1);
  });
});

describe('what the operator says', () => {
  test('counts more than what the server says, and a schema is then asked for in words', async () => {
    const overrides = parseCapabilityOverrides('-structured-output, -cache,max-output=1000,-thinking');
    const { call, received } = await modelOf(knowing(modelInfo()), [answered], { overrides });
    await call(request, never);
    const [body] = received.map((each) => each.body);
    expect(body).toMatchObject({ max_tokens: 1000, system: [{ type: 'text', text: 'You review plans.' }] });
    expect(body).not.toHaveProperty('output_config');
    expect(body).not.toHaveProperty('thinking');
    expect(JSON.stringify(body?.messages)).toContain('JSON Schema');
    expect(JSON.stringify(body)).not.toContain('cache_control');
  });

  test('leaves room for the answer in a small context', async () => {
    const { call, received } = await modelOf({}, [answered], { overrides: parseCapabilityOverrides('context=8192') });
    await call({ ...request, prompt: 'word '.repeat(3000) }, never);
    expect(received[0]?.body.max_tokens).toBeLessThan(8192 - 4000);
    expect(received[0]?.body.max_tokens).toBeGreaterThan(1000);
  });

  test('is refused where it names nothing that a model can have', () => {
    expect(parseCapabilityOverrides('')).toEqual(NO_OVERRIDES);
    for (const wrong of ['-speed', 'max-output=0', 'max-output=many', 'context']) {
      expect(() => parseCapabilityOverrides(wrong)).toThrow(expect.objectContaining({ code: 'model-capabilities' }));
    }
  });
});

describe('counting tokens', () => {
  test('asks the server where it can, with all that would be sent', async () => {
    const { countTokens, received } = await modelOf({ countTokens: (body) => JSON.stringify(body).length });
    expect(await countTokens(request, never)).toBeGreaterThan(200);
    expect(received).toHaveLength(0);
  });

  test('is not known where the server cannot, and asked once only', async () => {
    const { countTokens } = await modelOf({});
    expect(await countTokens(request, never)).toBeNull();
    await server?.close();
    expect(await countTokens(request, never)).toBeNull();
  });
});
