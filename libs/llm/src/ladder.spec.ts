import { describe, expect, it } from 'vitest';
import { costMicroUsd } from './cost.js';
import { MODEL_LADDER, strongerModel } from './ladder.js';
import { PRICES } from './prices.js';

describe('the ladder of models', () => {
  it('leads from each model to the next stronger one, and ends at the top', () => {
    expect(strongerModel('claude-haiku-5-5')).toBe('claude-sonnet-5-5');
    expect(strongerModel('claude-sonnet-5-5-20260928')).toBe('claude-opus-5-5');
    expect(strongerModel('claude-fable-5-2')).toBeNull();
  });

  it('knows none above a model it does not know, or above the offline one', () => {
    for (const model of ['offline', 'my-own-model', 'constructor']) expect(strongerModel(model)).toBeNull();
  });

  it('has an end from everywhere, and a price for each rung', () => {
    for (const start of PRICES.map(({ model }) => model)) {
      const seen = new Set<string>();
      for (let model: string | null = start; model !== null; model = strongerModel(model)) {
        expect(seen).not.toContain(model);
        seen.add(model);
      }
    }
    const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
    for (const model of Object.entries(MODEL_LADDER).flat()) {
      expect(costMicroUsd(model, usage, new Date('2026-11-21T00:00:00Z'))).not.toBeNull();
    }
  });
});
