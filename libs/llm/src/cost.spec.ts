import { describe, expect, test } from 'vitest';
import { costUsd } from './cost.js';
import type { ModelUsage } from './model.js';
import { PRICES } from './prices.js';

const usage = (tokens: Partial<ModelUsage>): ModelUsage => ({
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  ...tokens,
});

const MILLION = 1_000_000;
const each = usage({
  inputTokens: MILLION,
  outputTokens: MILLION,
  cacheReadTokens: MILLION,
  cacheWriteTokens: MILLION,
});
const today = new Date('2026-11-21T00:00:00Z');

describe('costUsd', () => {
  test('prices each kind of token, the cached ones too', () => {
    expect(costUsd('claude-opus-5-5', each, today)).toBeCloseTo(4 + 20 + 0.2 + 5);
    expect(costUsd('claude-opus-5-5', usage({ cacheReadTokens: 500_000 }), today)).toBeCloseTo(0.1);
  });

  test('takes the price that held at the time of the call', () => {
    const reads = usage({ cacheReadTokens: MILLION });
    expect(costUsd('claude-sonnet-5-5', reads, new Date('2026-10-06T23:59:59Z'))).toBeCloseTo(0.2);
    expect(costUsd('claude-sonnet-5-5', reads, new Date('2026-10-07T00:00:00Z'))).toBeCloseTo(0.1);
  });

  test('takes the higher rates for the whole of a long prompt, what comes from the cache included', () => {
    expect(costUsd('claude-haiku-5-5', usage({ inputTokens: 100_000, outputTokens: 1000 }), today)).toBeCloseTo(0.0105);
    const long = usage({ inputTokens: 1, cacheReadTokens: 100_000, outputTokens: 1000 });
    expect(costUsd('claude-haiku-5-5', long, today)).toBeCloseTo((0.5 + 0.05 * 100_000 + 2.5 * 1000) / MILLION);
  });

  test('does not know a price rather than call it 0', () => {
    expect(costUsd('gpt-6', usage({ inputTokens: 1 }), today)).toBeNull();
    expect(costUsd('gpt-6', usage({}), today)).toBeNull();
    expect(costUsd('claude-opus-5-5', each, new Date('2026-09-21T00:00:00Z'))).toBeNull();
  });

  test('knows a model by its name with a release date', () => {
    expect(costUsd('claude-opus-5-5-20260922', each, today)).toBe(costUsd('claude-opus-5-5', each, today));
    expect(costUsd('claude-opus-5-5-fast', each, today)).toBeNull();
  });

  test('is 0 for the offline model, which has no language model behind it', () => {
    expect(costUsd('offline', each, today)).toBe(0);
  });
});

describe('the price table', () => {
  test('has readable dates, one price a model and day, and no negative rate', () => {
    const keys = PRICES.map(({ model, effectiveFrom }) => `${model} ${effectiveFrom}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { effectiveFrom, rates, longPrompt } of PRICES) {
      expect(Date.parse(effectiveFrom)).not.toBeNaN();
      for (const rate of Object.values({ ...rates, ...longPrompt?.rates })) expect(rate).toBeGreaterThanOrEqual(0);
    }
  });

  test('knows the default models', () => {
    for (const model of ['claude-opus-5-5', 'claude-sonnet-5-5']) expect(costUsd(model, each, today)).not.toBeNull();
  });
});
