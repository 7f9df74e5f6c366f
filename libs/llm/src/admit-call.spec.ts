import { microUsdOf, usdOf } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admitCall, type Spent } from './admit-call.js';
import { callCeiling, inputTokensAtMost } from './call-ceiling.js';
import type { ModelRequest } from './model.js';

const at = new Date('2026-11-21T00:00:00Z');
const nothing: Spent = { inputTokens: 0, outputTokens: 0, microUsd: 0 };
const asking = (changes: Partial<ModelRequest> = {}): ModelRequest => ({
  agent: 'planner',
  template: { id: 'any', version: '1.0.0' },
  model: 'claude-opus-5-5',
  system: 's'.repeat(1000),
  prompt: 'p'.repeat(1000),
  variables: {},
  output: { name: 'Any', jsonSchema: {} },
  maxOutputTokens: 32_000,
  conversationId: 'run-1',
  ...changes,
});
const refusal = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe('the ceiling of a call', () => {
  it('counts a token for two bytes of all that is sent, so that no writing comes out too low', () => {
    expect(inputTokensAtMost(asking())).toBe(500 + 1001);
    expect(inputTokensAtMost(asking({ system: '', prompt: '计划'.repeat(100) }))).toBe(500 + 301);
  });

  it('prices the input as written to the cache, which costs more than plain input', () => {
    expect(callCeiling(asking(), 1000, at).microUsd).toBe(1501 * 5 + 1000 * 20);
  });

  it('takes the rates of long prompts where the prompt may be a long one', () => {
    const long = asking({ model: 'claude-haiku-5-5', prompt: 'p'.repeat(200_000) });
    expect(callCeiling(long, 0, at).microUsd).toBe(Math.ceil(inputTokensAtMost(long) * 0.625));
  });

  it('is not known where the price is not, and nothing for the offline model', () => {
    expect(callCeiling(asking({ model: 'my-own' }), 10, at)).toEqual({ tokens: 1511, microUsd: null });
    expect(callCeiling(asking({ model: 'offline' }), 10, at)).toEqual({ tokens: 0, microUsd: 0 });
  });
});

describe('admitting a call', () => {
  it('lets a call pass whose ceiling fits, as it is', () => {
    const request = asking();
    for (const budget of [{}, { usd: 1 }, { tokens: 33_501 }, { usd: 1, tokens: 33_501 }]) {
      expect(admitCall(request, budget, nothing, at)).toBe(request);
    }
  });

  it('lowers the output to what is left after the settled calls', () => {
    const spent = { inputTokens: 3000, outputTokens: 2000, microUsd: 200_000 };
    expect(admitCall(asking(), { tokens: 20_000 }, spent, at).maxOutputTokens).toBe(15_000 - 1501);
    const { maxOutputTokens } = admitCall(asking(), { usd: 0.5 }, spent, at);
    expect(maxOutputTokens).toBe(Math.floor((0.3 * 1_000_000 - 1501 * 5) / 20));
    expect(admitCall(asking(), { usd: 0.5, tokens: 20_000 }, spent, at).maxOutputTokens).toBe(15_000 - 1501);
  });

  it('refuses a call for which too little of its output is left, and says what is left and needed', () => {
    const error = refusal(() => admitCall(asking(), { tokens: 5_500 }, nothing, at));
    expect(error).toMatchObject({
      name: 'TerminalError',
      code: 'Baton.BudgetExhausted',
      message: expect.stringMatching(/5,500 of the task's 5,500 tokens are left, .* 4,000 .* may need 5,501\./),
      next: expect.stringContaining('larger budget'),
    });
    expect(refusal(() => admitCall(asking(), { usd: 0.01 }, nothing, at))).toMatchObject({
      message: expect.stringContaining("$0.0100 of the task's $0.0100 are left"),
    });
  });

  it('lets a call of many tokens begin where a usual answer fits, for few answers come near their bound', () => {
    const code = asking({ maxOutputTokens: 96_000 });
    expect(admitCall(code, { usd: 0.25 }, nothing, at).maxOutputTokens).toBeGreaterThan(12_000);
    const small = asking({ maxOutputTokens: 1_000 });
    expect(refusal(() => admitCall(small, { tokens: 1_700 }, nothing, at))).toMatchObject({
      message: expect.stringContaining('250 output tokens'),
    });
  });

  it('goes by what the server counted where it is told, and by the prices it is given', () => {
    const counted = { inputTokens: 400 };
    expect(admitCall(asking(), { tokens: 32_400 }, nothing, at, counted).maxOutputTokens).toBe(32_000);
    const rates = { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 };
    const prices = [{ model: 'my-own', effectiveFrom: '1970-01-01T00:00:00Z', rates }];
    const own = asking({ model: 'my-own' });
    expect(admitCall(own, { usd: 0.01 }, nothing, at, { ...counted, prices }).maxOutputTokens).toBe(9_600);
  });

  it('refuses an unknown price under a limit in dollars, and says which variable to set', () => {
    const error = refusal(() => admitCall(asking({ model: 'my-own' }), { usd: 100 }, nothing, at));
    expect(error).toMatchObject({
      code: 'Baton.BudgetExhausted',
      message: expect.stringContaining('the price of my-own is not known'),
      next: expect.stringMatching(/BATON_MODEL_PLANNER.*budget in tokens/),
    });
    expect(refusal(() => admitCall(asking(), { usd: 100 }, { ...nothing, microUsd: null }, at))).toMatchObject({
      message: expect.stringContaining('the price of an earlier call of the task is not known'),
    });
  });

  it('goes by tokens alone where the price is not known and tokens are limited too', () => {
    const budget = { usd: 0.0001, tokens: 20_000 };
    expect(admitCall(asking({ model: 'my-own' }), budget, nothing, at).maxOutputTokens).toBe(20_000 - 1501);
  });

  it('admits the offline model always, for it uses nothing', () => {
    const request = asking({ model: 'offline' });
    expect(admitCall(request, { usd: 0, tokens: 0 }, nothing, at)).toBe(request);
  });

  it('admits a call that fits to the last micro-dollar, after any number of calls of any price', () => {
    const { microUsd: ceiling } = callCeiling(asking(), 32_000, at);
    fc.assert(
      fc.property(fc.array(fc.nat(300_000), { maxLength: 50 }), (costs) => {
        const microUsd = costs.reduce((sum, cost) => sum + cost, 0);
        const usd = usdOf(microUsd + (ceiling ?? 0));
        const request = asking();
        expect(admitCall(request, { usd }, { ...nothing, microUsd }, at)).toBe(request);
        expect(admitCall(request, { usd }, { ...nothing, microUsd: microUsd + 1 }, at)).not.toBe(request);
      }),
    );
  });

  it('never admits a call that could exceed what is left', () => {
    const amount = fc.double({ min: 0, max: 2, noNaN: true });
    const count = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(amount, count, fc.nat(2_000_000), count, (usd, tokens, microUsd, outputTokens) => {
        const spent = { inputTokens: 0, outputTokens, microUsd };
        const admitted = refusal(() => admitCall(asking(), { usd, tokens }, spent, at));
        if (admitted instanceof Error) return;
        const { maxOutputTokens } = admitted as ModelRequest;
        const ceiling = callCeiling(asking(), maxOutputTokens, at);
        expect(maxOutputTokens).toBeGreaterThanOrEqual(4_000);
        expect(ceiling.tokens).toBeLessThanOrEqual(tokens - outputTokens);
        expect(ceiling.microUsd).toBeLessThanOrEqual(microUsdOf(usd, 'down') - microUsd);
      }),
    );
  });
});
