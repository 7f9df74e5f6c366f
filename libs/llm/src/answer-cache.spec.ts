import type { Json } from '@baton/contracts';
import { expect, test } from 'vitest';
import { requestHash, withAnswerCache } from './answer-cache.js';
import type { CallModel, ModelRequest } from './model.js';
import { request } from './testing/sample-request.js';

const never = new AbortController().signal;

function memoryCache() {
  const kept = new Map<string, Json>();
  const at = new Date('2026-11-27T10:00:00Z');
  return {
    kept,
    read: async (sha256: string) => {
      const response = kept.get(sha256);
      return response === undefined ? null : { response, commandId: 'run-1', at };
    },
    write: async (sha256: string, response: Json) => void kept.set(sha256, response),
  };
}

function model(stopReason = 'end_turn') {
  const asked: ModelRequest[] = [];
  const call: CallModel = async (given) => {
    asked.push(given);
    const usage = { inputTokens: 10, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
    const text = `answer ${asked.length}`;
    const content = [{ type: 'text', text }];
    return { text, content, toolCalls: [], model: 'm', stopReason, usage, requestId: 'req' };
  };
  return { call, asked };
}

test('the same question is answered as before, at no cost, and says whose answer it is', async () => {
  const cache = memoryCache();
  const { call, asked } = model();
  const first = withAnswerCache(call, cache);
  await first.call(request, never);
  await first.keep();
  const again = await withAnswerCache(call, cache).call({ ...request, conversationId: 'another run' }, never);
  expect(asked).toHaveLength(1);
  expect(again).toMatchObject({
    text: 'answer 1',
    usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
    requestId: null,
    cachedFrom: { commandId: 'run-1', at: '2026-11-27T10:00:00.000Z' },
  });
});

test.each<readonly [string, Partial<ModelRequest>]>([
  ['model', { model: 'claude-opus-5-5' }],
  ['system text', { system: 'You review code.' }],
  ['message', { prompt: 'Review this plan!' }],
  ['schema', { output: null }],
  ['effort', { effort: 'high' }],
  ['tools', { tools: [{ name: 'list', description: '', inputSchema: {} }] }],
  ['bound on the answer', { maxOutputTokens: 1 }],
  ['template', { template: { id: 'step2_plan_validator_prompt_template', version: '1.0.1' } }],
])('another %s is another question', (_, changes) => {
  expect(requestHash({ ...request, ...changes })).not.toBe(requestHash(request));
});

test('nothing is kept of an answer that was cut off, that failed, that was asked for again, or that nobody took', async () => {
  const cache = memoryCache();
  const cut = withAnswerCache(model('max_tokens').call, cache);
  await cut.call(request, never);
  await cut.keep();
  const failing = withAnswerCache(async () => Promise.reject(new Error('refused')), cache);
  await expect(failing.call(request, never)).rejects.toThrow('refused');
  await failing.keep();
  const repaired = withAnswerCache(model().call, cache);
  await repaired.call(request, never);
  await repaired.call({ ...request, prompt: 'Again.' }, never);
  await repaired.keep();
  await withAnswerCache(model().call, cache).call(request, never);
  expect(cache.kept.size).toBe(0);
});

test('of a conversation only the opening is looked for and kept', async () => {
  const cache = memoryCache();
  const { call } = model();
  const cached = withAnswerCache(call, cache);
  await cached.call(request, never);
  await cached.call({ ...request, turns: [{ content: [], outcomes: [], note: 'Go on.' }] }, never);
  await cached.keep();
  expect([...cache.kept.values()]).toMatchObject([{ text: 'answer 1' }]);
});
