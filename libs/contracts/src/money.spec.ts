import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMicroUsd, MOST_MICRO_USD, microUsdOf, usdOf } from './money.js';

const microUsd = fc.oneof(fc.nat(), fc.integer({ min: 0, max: MOST_MICRO_USD }));
const rounding = fc.constantFrom('up' as const, 'down' as const);

describe('money', () => {
  test('goes to dollars and back as it was', () => {
    fc.assert(
      fc.property(microUsd, rounding, (micro, way) => {
        expect(microUsdOf(usdOf(micro), way)).toBe(micro);
      }),
    );
  });

  test('is read from text as it was written', () => {
    fc.assert(
      fc.property(fc.nat(999_999), fc.nat(999_999), rounding, (whole, part, way) => {
        const text = `${whole}.${String(part).padStart(6, '0')}`;
        expect(microUsdOf(Number(text), way)).toBe(whole * 1_000_000 + part);
      }),
    );
  });

  test('is a whole number of micro-dollars, spent ones never too few and given ones never too many', () => {
    const usd = fc.double({ min: 0, max: 999_999, noNaN: true });
    fc.assert(
      fc.property(usd, (amount) => {
        const [up, down] = [microUsdOf(amount, 'up'), microUsdOf(amount, 'down')];
        expect([Number.isSafeInteger(up), Number.isSafeInteger(down)]).toEqual([true, true]);
        expect(up - down).toBeLessThanOrEqual(1);
        // Half a nano-dollar is what binary fractions may come to.
        expect(up).toBeGreaterThanOrEqual(amount * 1_000_000 - 0.001);
        expect(down).toBeLessThanOrEqual(amount * 1_000_000 + 0.001);
      }),
    );
  });

  test.each([
    [0.1 + 0.2, 300_000, 300_000],
    [0.07, 70_000, 70_000],
    [0.0000125, 13, 12],
    [0.000_000_1, 1, 0],
    [0, 0, 0],
    [1e300, MOST_MICRO_USD, MOST_MICRO_USD],
  ])('$%d is %i micro-dollars spent and %i given', (usd, spent, given) => {
    expect([microUsdOf(usd, 'up'), microUsdOf(usd, 'down')]).toEqual([spent, given]);
  });

  test('adds up exactly, also where doubles do not', () => {
    const cents = Array.from({ length: 1_000 }, () => 0.01);
    expect(cents.reduce((sum, usd) => sum + usd, 0)).not.toBe(10);
    expect(cents.reduce((sum, usd) => addMicroUsd(sum, microUsdOf(usd, 'up')), 0)).toBe(microUsdOf(10, 'down'));
    expect(addMicroUsd(MOST_MICRO_USD, 1)).toBe(MOST_MICRO_USD);
  });
});
