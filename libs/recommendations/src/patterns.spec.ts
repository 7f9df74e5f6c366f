import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LEAST_WITH_FACT, PatternTally } from './patterns.js';
import { overruled, recorded, times } from './testing/recorded.js';

const complex = { classification: 'complex' as const, reasons: ['a human is needed'] };

describe('patterns', () => {
  test('are counted over decisions at which somebody was heard, and held to the others', () => {
    const tally = new PatternTally();
    // Complex: 15 of 20 overruled. Standard: 3 of 30. Another hundred that nobody was asked about say nothing.
    times(15, () => tally.add(recorded({ ...overruled, ...complex })));
    times(5, () => tally.add(recorded({ confidence: 0.5, ...complex })));
    times(3, () => tally.add(recorded(overruled)));
    times(27, () => tally.add(recorded({ confidence: 0.5 })));
    times(100, () => tally.add(recorded()));
    const { overrides, bySource, patterns, tooFew } = tally.result();
    expect({ overrides, bySource }).toMatchObject({ overrides: { count: 18, of: 50 }, bySource: { advisor: 18 } });
    const found = patterns.find(({ facts }) => facts.join() === 'class: complex');
    expect(found).toMatchObject({ withFacts: { count: 15, of: 20 }, without: { count: 3, of: 30 } });
    // 0.75 / 0.36, and (15.5·27.5)/(5.5·3.5).
    expect(found?.lift).toBeCloseTo(2.0833, 4);
    expect(found?.oddsRatio).toBeCloseTo(22.143, 3);
    expect(found?.q).toBeLessThan(0.001);
    expect(found?.examples).toHaveLength(3);
    // What all decisions have in common is held against nothing.
    expect(patterns.some(({ facts }) => facts.includes('state: Good'))).toBe(false);
    expect(tooFew).toBe(4);
  });

  test('are none from few decisions, and none from none', () => {
    const tally = new PatternTally();
    expect(tally.result()).toMatchObject({ overrides: null, patterns: [], tested: 0 });
    times(LEAST_WITH_FACT - 1, () => tally.add(recorded({ ...overruled, ...complex })));
    times(50, () => tally.add(recorded({ confidence: 0.5 })));
    const { patterns, tooFew } = tally.result();
    expect(patterns).toEqual([]);
    expect(tooFew).toBeGreaterThan(0);
  });

  test('are none where the rule is never overruled, and where it always is', () => {
    for (const over of [{ confidence: 0.5 }, overruled]) {
      const tally = new PatternTally();
      times(20, (index) => tally.add(recorded({ ...over, ...(index % 2 === 0 ? complex : {}) })));
      expect(tally.result()).toMatchObject({ overrides: { of: 20 }, patterns: [], tested: 0 });
    }
  });

  test('of two facts are left out where one of them says as much', () => {
    const tally = new PatternTally();
    times(12, () => tally.add(recorded({ ...overruled, ...complex })));
    times(12, () => tally.add(recorded({ confidence: 0.5, classification: 'complex', reasons: [] })));
    times(12, () => tally.add(recorded({ confidence: 0.5, reasons: [] })));
    const pairs = tally.result().patterns.filter(({ facts }) => facts.length === 2);
    // Whoever is asked for is complex, so "complex and a person is needed" is "a person is needed".
    expect(pairs.map(({ facts }) => facts.join(' + '))).not.toContain('a person is needed + class: complex');
  });

  test('believe no more than a twentieth of what chance makes, on average', () => {
    // A thousand decisions, with facts that have nothing to do with what came of them.
    let state = 7;
    const dice = (): number => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    const tally = new PatternTally();
    times(1_000, () => {
      const reasons = ['one', 'two', 'three', 'four', 'five', 'six'].filter(() => dice() < 0.5);
      tally.add(recorded({ ...(dice() < 0.3 ? overruled : { confidence: 0.5 }), reasons }));
    });
    const { patterns, level, tested } = tally.result();
    expect(tested).toBeGreaterThan(15);
    expect(patterns.filter(({ q }) => q <= level)).toEqual([]);
  });

  test('hold no more than so many facts, whatever they are', () => {
    const tally = new PatternTally();
    times(400, (index) =>
      tally.add(
        recorded({
          ...overruled,
          reasons: [
            `because of ${'abcdefghij'.repeat(2)}${String.fromCharCode(97 + (index % 26))}${String.fromCharCode(97 + Math.floor(index / 26))}`,
          ],
        }),
      ),
    );
    expect(tally.result().leftOff).toBeGreaterThan(90);
  });

  test('count every decision once, with the fact or without it', () => {
    const decision = fc.record({
      isOverruled: fc.boolean(),
      isComplex: fc.boolean(),
      round: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 80 }), (all) => {
        const tally = new PatternTally();
        for (const { isOverruled, isComplex, round } of all) {
          tally.add(
            recorded({ ...(isOverruled ? overruled : { confidence: 1 }), ...(isComplex ? complex : {}), round }),
          );
        }
        const { patterns, overrides } = tally.result();
        for (const { withFacts, without, q, p } of patterns) {
          expect(withFacts.of + (without?.of ?? 0)).toBe(all.length);
          expect(withFacts.count + (without?.count ?? 0)).toBe(overrides?.count);
          expect(q).toBeGreaterThanOrEqual(p);
          expect(Math.min(withFacts.of, without?.of ?? 0)).toBeGreaterThanOrEqual(LEAST_WITH_FACT);
        }
      }),
      { numRuns: 60 },
    );
  });
});
