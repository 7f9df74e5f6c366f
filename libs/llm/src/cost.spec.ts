import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costMicroUsd } from './cost.js';
import type { ModelUsage } from './model.js';
import { type ModelPrice, PRICES } from './prices.js';

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
const isLong = ({ longPrompt }: ModelPrice, used: ModelUsage): boolean =>
  used.inputTokens + used.cacheReadTokens + used.cacheWriteTokens >
  (longPrompt?.aboveTokens ?? Number.POSITIVE_INFINITY);
const today = new Date('2026-11-21T00:00:00Z');

describe('costMicroUsd', () => {
  test('prices each kind of token, the cached ones too', () => {
    expect(costMicroUsd('claude-opus-5-5', each, today)).toBe(29_200_000);
    expect(costMicroUsd('claude-opus-5-5', usage({ cacheReadTokens: 500_000 }), today)).toBe(100_000);
  });

  test('takes the price that held at the time of the call', () => {
    const reads = usage({ cacheReadTokens: MILLION });
    expect(costMicroUsd('claude-sonnet-5-5', reads, new Date('2026-10-06T23:59:59Z'))).toBe(200_000);
    expect(costMicroUsd('claude-sonnet-5-5', reads, new Date('2026-10-07T00:00:00Z'))).toBe(100_000);
  });

  test('takes the higher rates for the whole of a long prompt, what comes from the cache included', () => {
    expect(costMicroUsd('claude-haiku-5-5', usage({ inputTokens: 100_000, outputTokens: 1000 }), today)).toBe(10_500);
    const long = usage({ inputTokens: 1, cacheReadTokens: 100_000, outputTokens: 1000 });
    expect(costMicroUsd('claude-haiku-5-5', long, today)).toBe(Math.ceil(0.5 + 0.05 * 100_000 + 2.5 * 1000));
  });

  test('counts a part of a micro-dollar as one, so that what costs something is never nothing', () => {
    expect(costMicroUsd('claude-haiku-5-5', usage({ inputTokens: 1 }), today)).toBe(1);
    expect(costMicroUsd('claude-haiku-5-5', usage({ inputTokens: 10 }), today)).toBe(1);
    expect(costMicroUsd('claude-haiku-5-5', usage({ inputTokens: 11 }), today)).toBe(2);
    expect(costMicroUsd('claude-haiku-5-5', usage({}), today)).toBe(0);
  });

  test('is a whole number that is at most one above the price of its tokens', () => {
    const count = fc.nat(2_000_000);
    fc.assert(
      fc.property(fc.constantFrom(...PRICES), count, count, count, count, (price, input, output, read, write) => {
        const used = { inputTokens: input, outputTokens: output, cacheReadTokens: read, cacheWriteTokens: write };
        const { rates } = { ...price, ...(isLong(price, used) ? price.longPrompt : {}) };
        const nano = [rates.input, rates.output, rates.cacheRead, rates.cacheWrite].map((rate) =>
          BigInt(rate.toFixed(3).replace('.', '')),
        );
        const exact = [input, output, read, write].reduce((sum, n, at) => sum + BigInt(n) * (nano[at] ?? 0n), 0n);
        const cost = costMicroUsd(price.model, used, new Date(price.effectiveFrom));
        expect(cost).toBe(Number((exact + 999n) / 1000n));
      }),
    );
  });

  test('does not know a price rather than call it 0', () => {
    expect(costMicroUsd('gpt-6', usage({ inputTokens: 1 }), today)).toBeNull();
    expect(costMicroUsd('gpt-6', usage({}), today)).toBeNull();
    expect(costMicroUsd('claude-opus-5-5', each, new Date('2026-09-21T00:00:00Z'))).toBeNull();
  });

  test('knows a model by its name with a release date', () => {
    expect(costMicroUsd('claude-opus-5-5-20260922', each, today)).toBe(costMicroUsd('claude-opus-5-5', each, today));
    expect(costMicroUsd('claude-opus-5-5-fast', each, today)).toBeNull();
  });

  test('is 0 for the offline model, which has no language model behind it', () => {
    expect(costMicroUsd('offline', each, today)).toBe(0);
  });
});

describe('the price table', () => {
  test('has readable dates, one price a model and day, and no negative rate', () => {
    const keys = PRICES.map(({ model, effectiveFrom }) => `${model} ${effectiveFrom}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { effectiveFrom, rates, longPrompt } of PRICES) {
      expect(Date.parse(effectiveFrom)).not.toBeNaN();
      for (const rate of Object.values({ ...rates, ...longPrompt?.rates })) {
        expect(rate).toBeGreaterThanOrEqual(0);
        // A cost is summed in whole nano-dollars a token.
        expect(Number(rate.toFixed(3))).toBe(rate);
      }
    }
  });

  test('knows the default models', () => {
    for (const model of ['claude-opus-5-5', 'claude-sonnet-5-5'])
      expect(costMicroUsd(model, each, today)).not.toBeNull();
  });
});
