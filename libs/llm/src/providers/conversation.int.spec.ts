import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { spentOf } from '../errors.js';
import type { ModelRequest, ModelTurn } from '../model.js';
import { eventsOf, message, type Reply, stream } from '../testing/messages-server.js';
import { createPromptCache } from '../testing/prompt-cache.js';
import { KEY, request } from '../testing/sample-request.js';
import { never, servingMessages } from '../testing/served-model.js';
import { createAnthropicModel } from './anthropic.js';

const { serve, served } = servingMessages();

async function modelWith(...replies: Reply[]) {
  const { url, received } = await serve(...replies);
  return { ...createAnthropicModel({ apiKey: KEY, baseUrl: url, maxRetries: 0 }), received };
}

const tool = { name: 'read', description: 'Reads a file.', inputSchema: { type: 'object', properties: {} } };
const asking: ModelRequest = { ...request, tools: [tool], output: null };

describe('a conversation with tools', () => {
  test('gives the calls of an answer, and sends it back unchanged with what came of them', async () => {
    const calls = [
      { id: 'a', name: 'read', json: '{"path":"x.ts"}' },
      { id: 'b', name: 'read', json: '' },
    ];
    const { call, received } = await modelWith(message({ texts: ['Let me see.'], calls, stopReason: 'tool_use' }));
    const first = await call(asking, never);
    expect(first).toMatchObject({
      stopReason: 'tool_use',
      text: 'Let me see.',
      toolCalls: [
        { id: 'a', name: 'read', input: { path: 'x.ts' } },
        { id: 'b', name: 'read', input: {} },
      ],
    });
    expect(received[0]?.body).toMatchObject({
      tools: [{ name: 'read', description: 'Reads a file.', input_schema: { type: 'object', properties: {} } }],
    });
    expect(received[0]?.body).not.toHaveProperty('output_config');
    expect(received[0]?.body).not.toHaveProperty('tool_choice');

    const outcomes = [
      { callId: 'a', text: 'old', isError: false },
      { callId: 'b', text: '', isError: true },
    ];
    await call({ ...asking, turns: [{ content: first.content, outcomes, note: 'Two calls are left.' }] }, never);
    expect(received[1]?.body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Review this plan.' }] },
      { role: 'assistant', content: first.content },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: 'old' },
          { type: 'tool_result', tool_use_id: 'b', content: '(nothing)', is_error: true },
          { type: 'text', text: 'Two calls are left.', cache_control: { type: 'ephemeral' } },
        ],
      },
    ]);
    expect(first.content[0]).toMatchObject({ type: 'thinking' });
  });

  test('gives an answer that was cut in the middle of a call without the half of its input, and tells the model of it', async () => {
    const calls = [
      { id: 'a', name: 'read', json: '{"path":"x.ts"}' },
      { id: 'b', name: 'write', json: '{"path":"x.ts","text":"half of a fi' },
    ];
    const { call, received } = await modelWith(message({ texts: [''], calls, stopReason: 'max_tokens' }));
    const cut = await call(asking, never);
    expect(cut).toMatchObject({
      stopReason: 'max_tokens',
      toolCalls: [
        { id: 'a', input: { path: 'x.ts' } },
        { id: 'b', name: 'write', input: {} },
      ],
    });
    const turn: ModelTurn = { content: cut.content, outcomes: [{ callId: 'a', text: 'old', isError: false }] };
    await call({ ...asking, turns: [turn] }, never);
    expect(received[1]?.body.messages).toMatchObject([
      {},
      {},
      {
        content: [
          { tool_use_id: 'a', content: 'old' },
          { tool_use_id: 'b', is_error: true, content: expect.stringContaining('cut off') },
        ],
      },
    ]);
  });

  test('gives no half of an input either where a server breaks off within one and says nothing of it', async () => {
    const calls = [
      { id: 'a', name: 'write', json: '{"path":"x.ts","text":"half of a fi' },
      { id: 'b', name: 'list', json: '' },
    ];
    const { call } = await modelWith(message({ texts: [''], calls, stopReason: 'tool_use' }));
    const { content, toolCalls } = await call(asking, never);
    expect(toolCalls).toEqual([
      { id: 'a', name: 'write', input: {} },
      { id: 'b', name: 'list', input: {} },
    ]);
    expect(content).toContainEqual(expect.objectContaining({ type: 'tool_use', id: 'a', input: {} }));
  });

  test('never sends an answer of nothing, or leaves the model without a word', async () => {
    const { call, received } = await modelWith(message({ texts: ['x'] }));
    await call({ ...asking, turns: [{ content: [], outcomes: [] }] }, never);
    expect(received[0]?.body.messages).toMatchObject([{ role: 'user', content: [{}, { text: 'Go on.' }] }]);
  });
});

describe('an answer in several calls', () => {
  test('goes on where the model paused, with all that it had said, and sums up what it used', async () => {
    const { call, received } = await modelWith(
      message({ texts: ['{"sco'], stopReason: 'pause_turn' }),
      message({ texts: ['re": 9}'] }),
    );
    const answer = await call(request, never);
    expect(answer).toMatchObject({ text: '{"score": 9}', stopReason: 'end_turn' });
    expect(answer.usage).toEqual({ inputTokens: 20, outputTokens: 50, cacheReadTokens: 14, cacheWriteTokens: 6 });
    expect(received[1]?.body.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{}, { text: '{"sco' }] },
    ]);
  });

  test('is given up where the model pauses for ever, and costs what its calls cost', async () => {
    const { call, received } = await modelWith(message({ texts: ['x'], stopReason: 'pause_turn' }));
    const error = await call(request, never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'model-paused' });
    expect(spentOf(error)?.usage.outputTokens).toBe(25 * received.length);
    expect(received).toHaveLength(6);
  });

  test('goes on with a text that is longer than one answer of the model, up to the limit of the caller', async () => {
    const { call, received } = await modelWith(
      message({ texts: ['one '], stopReason: 'max_tokens' }),
      message({ texts: ['two'] }),
    );
    expect(await call({ ...request, output: null }, never)).toMatchObject({ text: 'one two', stopReason: 'end_turn' });
    expect(received[1]?.body).toMatchObject({ max_tokens: 64_000 - 25 });
    await served()?.close();

    const short = await modelWith(message({ texts: ['one '], stopReason: 'max_tokens' }));
    const error = await short
      .call({ ...request, output: null, maxOutputTokens: 50 }, never)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'model-output-limit', message: expect.stringContaining('limit of 50 output') });
    expect(spentOf(error)?.usage.outputTokens).toBe(50);
  });

  test('costs what it cost also where a later call fails for nothing', async () => {
    const { call } = await modelWith(message({ texts: ['one '], stopReason: 'max_tokens' }), (response) => {
      response.writeHead(529).end();
    });
    const error = await call({ ...request, output: null }, never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'InterruptedCall', code: 'model-overloaded' });
    expect(spentOf(error)?.usage.outputTokens).toBe(25);
  });
});

describe('the cost of a call that breaks off', () => {
  const begun = eventsOf({ texts: ['x'.repeat(400)], usage: { output_tokens: 1 } }).slice(0, 7);
  const written = Math.ceil((400 + 'not part of the answer'.length) / 4);

  test.each<[string, Reply, string]>([
    ['is cut', stream(begun, (response) => void setTimeout(() => response.destroy(), 30)), 'model-unreadable'],
    [
      'ends in an error',
      stream([...begun, { type: 'error', error: { type: 'overloaded_error', message: 'no' } }]),
      'model-overloaded',
    ],
    [
      'ends in a final error',
      stream([...begun, { type: 'error', error: { type: 'invalid_request_error', message: 'no' } }]),
      'model-request',
    ],
    ['falls silent', stream(begun, () => undefined), 'model-timeout'],
  ])('is known where it %s', async (_, reply, code) => {
    const server = await serve(reply);
    const { call } = createAnthropicModel({ apiKey: KEY, baseUrl: server.url, silenceMs: 300 });
    const error = await call(request, never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(spentOf(error)).toEqual({
      model: 'claude-sonnet-5-5',
      stopReason: 'interrupted',
      requestId: 'req_test',
      usage: { inputTokens: 10, outputTokens: written, cacheReadTokens: 7, cacheWriteTokens: 3 },
    });
    expect(server.received).toHaveLength(1);
  });

  test('is known where the task is let go', async () => {
    const { call, received } = await modelWith(stream(begun, () => undefined));
    const controller = new AbortController();
    const failed = call(request, controller.signal).catch((thrown: unknown) => thrown);
    await expect.poll(() => received.length).toBe(1);
    // Until what was sent has been read.
    await delay(100);
    controller.abort();
    expect(await failed).toMatchObject({ code: 'model-aborted' });
    expect(spentOf(await failed)?.usage.inputTokens).toBe(10);
  });

  test('is not there for a call that shows a sign of life from time to time, however long it takes', async () => {
    const pinging: Reply = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const send = (event: object & { readonly type?: unknown }): void =>
        void response.write(`event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`);
      const [start, ...rest] = eventsOf({ texts: ['{"score": 9}'] });
      if (start !== undefined) send(start);
      let pings = 0;
      const timer = setInterval(() => {
        pings += 1;
        if (pings < 10) return send({ type: 'ping' });
        clearInterval(timer);
        for (const event of rest) send(event);
        response.end();
      }, 60);
    };
    const server = await serve(pinging);
    const { call } = createAnthropicModel({ apiKey: KEY, baseUrl: server.url, silenceMs: 300 });
    expect(await call(request, never)).toMatchObject({ text: '{"score": 9}' });
  });
});

describe('what is kept in the cache', () => {
  const shared = { system: 'You review code. '.repeat(400), tools: [tool], output: null };
  const parts = (question: string) => [
    { text: 'The plan. '.repeat(600), cache: true },
    { text: 'The code. '.repeat(2000), cache: true },
    { text: question, cache: false },
  ];
  const asked = (question: string, turns: readonly ModelTurn[] = []): ModelRequest => {
    const list = parts(question);
    return { ...request, ...shared, parts: list, prompt: list.map(({ text }) => text).join(''), turns };
  };
  const cachingModel = async () => {
    const cache = createPromptCache();
    return modelWith((response, given) =>
      message({ texts: ['ok'], usage: cache.usageOf(given.body) })(response, given),
    );
  };

  test('is read by the next call of a conversation, but for what is new', async () => {
    const { call } = await cachingModel();
    const first = await call(asked('Does it fit?'), never);
    expect(first.usage).toMatchObject({ inputTokens: 0, cacheReadTokens: 0 });
    const turn = { content: first.content, outcomes: [], note: 'Say more.' };
    const second = await call(asked('Does it fit?', [turn]), never);
    expect(second.usage.cacheReadTokens).toBe(first.usage.cacheWriteTokens);
    expect(second.usage.inputTokens + second.usage.cacheWriteTokens).toBeLessThan(100);
    const third = await call(asked('Does it fit?', [turn, turn]), never);
    expect(third.usage.cacheReadTokens).toBe(first.usage.cacheWriteTokens + second.usage.cacheWriteTokens);
  });

  test('is read by a second reader of the same, whose question is another', async () => {
    const { call } = await cachingModel();
    const first = await call(asked('Does it fit the requirements?'), never);
    const second = await call(asked('Is it written as is usual?'), never);
    expect(second.usage.cacheReadTokens).toBeGreaterThan(0.95 * first.usage.cacheWriteTokens);
    expect(second.usage.inputTokens + second.usage.cacheWriteTokens).toBeLessThan(100);
  });

  test('is read by a second reader who was asked at the same time: he waits until the first is answered', async () => {
    const begunBefore: number[] = [];
    let begun = 0;
    const { call } = await modelWith(async (response, given) => {
      begunBefore.push(begun);
      await new Promise((resolve) => setTimeout(resolve, 50));
      begun += 1;
      message({ texts: ['ok'] })(response, given);
    });
    await Promise.all([call(asked('Does it fit?'), never), call(asked('Is it usual?'), never)]);
    // What is asked with is kept once the answer begins, and not before.
    expect(begunBefore).toEqual([0, 1]);
  });

  test('holds nothing of a single question that nobody will ask again', async () => {
    const { call } = await cachingModel();
    const answer = await call({ ...request, output: null, prompt: 'Once. '.repeat(4000) }, never);
    expect(answer.usage).toMatchObject({ cacheReadTokens: 0, cacheWriteTokens: 0 });
  });
});
