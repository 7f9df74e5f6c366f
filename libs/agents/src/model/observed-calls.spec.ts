import { type CallModel, UnusableAnswer } from '@baton/llm';
import { request } from '@baton/llm/testing';
import { Registry, workerMetrics } from '@baton/telemetry/metrics';
import { expect, test } from 'vitest';
import { observed } from './observed-calls.js';

const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 7, cacheWriteTokens: 3 };
const spent = { model: 'claude-opus-5-5', stopReason: 'end_turn', usage, requestId: 'req-1' };
const now = (): Date => new Date('2026-11-20T00:00:00Z');

async function counted(call: CallModel): Promise<string> {
  const register = new Registry();
  const asked = observed(call, { metrics: workerMetrics(register), now });
  await asked({ ...request, model: 'claude-opus-5-5' }, AbortSignal.timeout(1_000)).catch(() => {});
  return register.metrics();
}

test('a call is counted with its tokens, each kind apart, and with what it cost', async () => {
  const metrics = await counted(async () => ({ ...spent, text: 'ok', content: [], toolCalls: [] }));
  expect(metrics).toContain(
    'baton_model_call_duration_seconds_count{provider="anthropic",model="claude-opus-5-5",outcome="ok"} 1',
  );
  for (const [type, count] of [
    ['input', 10],
    ['output', 5],
    ['cache_read', 7],
    ['cache_write', 3],
  ])
    expect(metrics).toContain(`baton_model_tokens_total{model="claude-opus-5-5",type="${type}"} ${count}`);
  expect(metrics).toMatch(/baton_model_cost_usd_total\{model="claude-opus-5-5"\} 0\.\d+/);
});

test.each([
  ['limited', Object.assign(new Error('later'), { code: 'model-rate-limited' })],
  ['failed', new Error('no')],
  ['unusable', new UnusableAnswer('cut', { code: 'model-output-cut', next: '', spent })],
])('a call that comes to nothing is counted as %s', async (outcome, error) => {
  const metrics = await counted(() => Promise.reject(error));
  expect(metrics).toContain(`model="claude-opus-5-5",outcome="${outcome}"} 1`);
  // What gave nothing of use was paid all the same.
  expect(metrics.includes('type="output"} 5')).toBe(outcome === 'unusable');
});
