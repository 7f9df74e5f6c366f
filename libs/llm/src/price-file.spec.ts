import { describe, expect, test } from 'vitest';
import { costMicroUsd } from './cost.js';
import { pricesWith, readPriceFile } from './price-file.js';

const today = new Date('2026-11-21T00:00:00Z');
const used = { inputTokens: 1_000_000, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
const priceOf = (model: string, text: string, at = today, usage = used) =>
  costMicroUsd(model, usage, at, pricesWith('p.yaml', text));

describe('a file of prices', () => {
  test('adds models that are not known, and leaves the others', () => {
    const text = 'prices:\n  - { model: qwen, input: 0.5, output: 1.5 }\n';
    expect(priceOf('qwen', text)).toBe(500_000);
    expect(priceOf('claude-opus-5-5', text)).toBe(4_000_000);
    expect(priceOf('other', text)).toBeNull();
    const cached = { ...used, inputTokens: 0, cacheReadTokens: 1_000_000 };
    expect(priceOf('qwen', text, today, cached)).toBe(500_000);
  });

  test('replaces all prices of a model that is in it, by days', () => {
    const text = `prices:
  - { model: claude-opus-5-5, from: 2026-01-01, input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25 }
  - { model: claude-opus-5-5, from: 2026-12-01, input: 3, output: 4 }`;
    expect(priceOf('claude-opus-5-5', text)).toBe(1_000_000);
    expect(priceOf('us.anthropic.claude-opus-5-5-20260922-v1:0', text)).toBe(1_000_000);
    expect(priceOf('claude-opus-5-5', text, new Date('2026-12-01T00:00:00Z'))).toBe(3_000_000);
    expect(priceOf('claude-opus-5-5', text, new Date('2025-12-31T00:00:00Z'))).toBeNull();
  });

  test('may be JSON, have other rates for long prompts, and six decimals', () => {
    const text = JSON.stringify({
      prices: [{ model: 'm', input: 0.000375, output: 1, longPrompt: { aboveTokens: 1000, input: 2, output: 3 } }],
    });
    expect(priceOf('m', text)).toBe(2_000_000);
    expect(priceOf('m', text, today, { ...used, inputTokens: 1000 })).toBe(1);
  });

  test.each([
    ['prices:\n  - model: m\n    input: 1\n', /line 2: prices\[0\]\.output: .*expected/],
    ['prices:\n  - model: m\n    input: dear\n    output: 1\n', /line 3: prices\[0\]\.input: expected dollars/],
    ['prices:\n  - model: m\n    input: -1\n    output: 1\n', /line 3: prices\[0\]\.input/],
    ['prices:\n  - model: m\n    input: 0.0000001\n    output: 1\n', /line 3: .*more than six decimals/],
    ['prices:\n  - { model: m, input: 1, output: 1, speed: 1 }\n', /line 2: .*speed/],
    ['prices:\n  - { model: m, input: 1, output: 1, from: soon }\n', /line 2: prices\[0\]\.from: expected a day/],
    [
      'prices:\n  - { model: m, input: 1, output: 1 }\n  - { model: m, input: 2, output: 1 }\n',
      /two prices of m from 1970-01-01/,
    ],
    ['prices: []\n', /line 1: prices/],
    ['prices:\n  - {\n', /line \d/],
    ['', /not valid/],
  ])('is refused with the line and the key of what is wrong: %j', (text, problem) => {
    expect(() => pricesWith('p.yaml', text)).toThrow(problem);
    expect(() => pricesWith('p.yaml', text)).toThrow(expect.objectContaining({ code: 'prices-invalid' }));
  });

  test('has to be there', async () => {
    await expect(readPriceFile('/nowhere/prices.yaml')).rejects.toMatchObject({ code: 'prices-unreadable' });
  });
});
