import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { benjaminiHochberg } from './benjamini-hochberg.js';
import { differenceOfShares } from './difference-of-shares.js';
import { fisherExact, oddsRatio } from './fisher.js';
import { differenceOfMeans, estimateOf, noMoments, tQuantile, withValue } from './moments.js';
import { rankCorrelation } from './rank-correlation.js';
import { shareOf, shareText } from './share.js';

const momentsOf = (values: readonly number[]) => values.reduce(withValue, noMoments);

test('a share is said with its interval', () => {
  expect(shareText(shareOf(5, 10))).toBe('5 of 10 (50 %, 24 to 76 %)');
  expect(shareOf(0, 10).interval).toMatchObject({ low: 0, high: expect.closeTo(0.2775, 4) });
});

describe('a difference of shares', () => {
  test("is that of Newcombe's first example", () => {
    // 56/70 − 48/80: his table II, method 10, has 0.0524 to 0.3339.
    const found = differenceOfShares({ successes: 56, n: 70 }, { successes: 48, n: 80 });
    expect(found?.difference).toBeCloseTo(0.2, 12);
    expect(found?.low).toBeCloseTo(0.0524, 4);
    expect(found?.high).toBeCloseTo(0.3339, 4);
  });

  test('is not known where one was never tried', () => {
    expect(differenceOfShares({ successes: 0, n: 0 }, { successes: 1, n: 2 })).toBeNull();
  });
});

describe('a mean', () => {
  test('has an interval by its variance', () => {
    // 1, 2, 3, 4: mean 2.5, variance 5/3; half width 3.1824·√(5/12) = 2.0543.
    expect(estimateOf(momentsOf([1, 2, 3, 4]))).toMatchObject({
      mean: 2.5,
      interval: { low: expect.closeTo(0.4457, 3), high: expect.closeTo(4.5543, 3) },
      n: 4,
    });
  });

  test('of one number has none, and of no number there is none', () => {
    expect(estimateOf(momentsOf([7]))).toEqual({ mean: 7, interval: null, n: 1 });
    expect(estimateOf(noMoments)).toBeNull();
  });

  test('is held against another', () => {
    // Variances of the means 5/12 and 5/3; difference 5 − 2.5; degrees of freedom (25/12)²/((5/12)²/3 + (5/3)²/3) = 4.41, so 4.
    const found = differenceOfMeans(momentsOf([2, 4, 6, 8]), momentsOf([1, 2, 3, 4]));
    expect(found.mean).toBeCloseTo(2.5, 12);
    expect(found.interval?.low).toBeCloseTo(2.5 - 2.7764 * Math.sqrt(25 / 12), 3);
  });

  test('of numbers that never change is known exactly', () => {
    expect(differenceOfMeans(momentsOf([3, 3]), momentsOf([1, 1]))).toMatchObject({ interval: { low: 2, high: 2 } });
  });

  test.each([
    [1, 12.706],
    [30, 2.042],
    [31, 2.0395],
    [120, 1.9799],
  ])("Student's point for %i degrees of freedom is %f", (freedom, point) => {
    expect(tQuantile(freedom)).toBeCloseTo(point, 3);
  });
});

describe("Fisher's exact test", () => {
  test.each([
    // The lady who tasted tea: (16 + 1)·2/70.
    [{ a: 3, b: 1, c: 1, d: 3 }, 34 / 70],
    [{ a: 4, b: 0, c: 0, d: 4 }, 2 / 70],
    [{ a: 1, b: 9, c: 11, d: 3 }, 0.002759],
    [{ a: 0, b: 5, c: 0, d: 5 }, 1],
  ])('of %j is %f', (table, p) => {
    expect(fisherExact(table)).toBeCloseTo(p, 5);
  });

  test('is a probability, and does not mind which way the table is turned', () => {
    const cell = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(cell, cell, cell, cell, (a, b, c, d) => {
        const p = fisherExact({ a, b, c, d });
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(fisherExact({ a: c, b: d, c: a, d: b })).toBeCloseTo(p, 9);
        expect(fisherExact({ a, b: c, c: b, d })).toBeCloseTo(p, 9);
      }),
      { numRuns: 200 },
    );
  });
});

test('odds are compared with a half in each cell', () => {
  // 10.5·10.5/(5.5·5.5) = 3.6446; √(2/10.5 + 2/5.5) = 0.74438.
  const found = oddsRatio({ a: 10, b: 5, c: 5, d: 10 });
  expect(found.ratio).toBeCloseTo(3.6446, 4);
  expect(found.low).toBeCloseTo(3.6446 * Math.exp(-1.959964 * 0.74438), 3);
  expect(oddsRatio({ a: 10, b: 0, c: 0, d: 10 }).high).toBeLessThan(Number.POSITIVE_INFINITY);
});

describe('of many tests', () => {
  test('the surest are left', () => {
    // Ranks 1 to 4: 0.01·4/1, 0.02·4/2 and 0.03·4/3 are 0.04, 0.5·4/4 is 0.5.
    expect(benjaminiHochberg([0.5, 0.01, 0.03, 0.02]).map((q) => Math.round(q * 1e6) / 1e6)).toEqual([
      0.5, 0.04, 0.04, 0.04,
    ]);
    expect(benjaminiHochberg([])).toEqual([]);
  });

  test('none is surer than it was, and their order stays', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }), (ps) => {
        const qs = benjaminiHochberg(ps);
        for (const [i, p] of ps.entries()) {
          expect(qs[i]).toBeGreaterThanOrEqual(p - 1e-12);
          for (const [j, other] of ps.entries()) if (p < other) expect(qs[i]).toBeLessThanOrEqual(qs[j] ?? 1);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('ranks', () => {
  test.each<[string, readonly (readonly [number, number])[], number]>([
    [
      'go together',
      [
        [1, 2],
        [2, 4],
        [3, 9],
        [4, 16],
      ],
      1,
    ],
    [
      'go against each other',
      [
        [1, 4],
        [2, 3],
        [3, 2],
        [4, 1],
      ],
      -1,
    ],
    // Ranks 1.5, 1.5, 3, 4 against 1, 2, 3, 4: 4.5/√(4.5·5).
    [
      'tie',
      [
        [1, 1],
        [1, 2],
        [2, 3],
        [3, 4],
      ],
      4.5 / Math.sqrt(22.5),
    ],
  ])('%s', (_what, pairs, rho) => {
    expect(rankCorrelation(pairs)?.rho).toBeCloseTo(rho, 12);
  });

  test('say nothing of what never changes, and of few', () => {
    expect(
      rankCorrelation([
        [5, 1],
        [5, 2],
        [5, 3],
        [5, 4],
      ]),
    ).toBeNull();
    expect(
      rankCorrelation([
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    ).toBeNull();
  });

  test('have an interval by their number', () => {
    const pairs = Array.from({ length: 28 }, (_, index) => [index, index % 2] as const);
    const found = rankCorrelation(pairs);
    expect(found?.high).toBeGreaterThan(found?.rho ?? 1);
    expect((found?.high ?? 2) - (found?.low ?? -2)).toBeLessThan(0.85);
  });
});
