import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anomaliesOf, LEAST_HISTORY, usualOf } from './anomalies.js';
import type { FullOutcome } from './outcome.js';

const usual: FullOutcome = {
  ...{ durationMs: 60_000, costMicroUsd: 500_000, isSuccess: true },
  ...{ rounds: 2, score: 9, disagreements: 0, errors: 0 },
};
const before = (count: number, change: (index: number) => Partial<FullOutcome> = () => ({})): readonly FullOutcome[] =>
  Array.from({ length: count }, (_, index) => ({ ...usual, ...change(index) }));
const found = (run: Partial<FullOutcome>, history: readonly FullOutcome[]) =>
  anomaliesOf({ ...usual, ...run }, usualOf({ alike: [], all: history }));

describe('an anomaly', () => {
  test.each<[Partial<FullOutcome>, string, string]>([
    [{ durationMs: 600_000 }, 'duration', 'high'],
    [{ durationMs: 900 }, 'duration', 'low'],
    [{ costMicroUsd: 5_000_000 }, 'cost', 'high'],
    [{ rounds: 3 }, 'rounds', 'high'],
    [{ score: 7.5 }, 'score', 'low'],
    [{ disagreements: 1 }, 'disagreement', 'high'],
    [{ errors: 1 }, 'errors', 'high'],
  ])('is %j where runs are otherwise', (run, measure, direction) => {
    expect(found(run, before(40))).toMatchObject([{ measure, direction, sampleSize: 40 }]);
  });

  test.each<[Partial<FullOutcome>]>([
    [{}],
    [{ durationMs: 90_000 }],
    [{ rounds: 1 }],
    [{ score: 10 }],
    [{ score: null, costMicroUsd: null }],
  ])('is not %j', (run) => {
    expect(found(run, before(40))).toEqual([]);
  });

  test('is none where there are too few runs to say so, also of those whose cost is known', () => {
    expect(found({ durationMs: 1e9 }, before(LEAST_HISTORY - 1))).toEqual([]);
    const unpriced = before(40, (index) => (index < 19 ? {} : { costMicroUsd: null }));
    expect(found({ costMicroUsd: 1e12 }, unpriced)).toEqual([]);
  });

  test('is found beside one run that went wild before, which mean and standard deviation would hide', () => {
    const wild = before(100, (index) => (index === 0 ? { durationMs: 1e12 } : {}));
    expect(found({ durationMs: 6_000_000 }, wild)).toMatchObject([{ measure: 'duration', falseAlarmRate: 3 / 101 }]);
  });

  test('is none where more than a fiftieth of the runs was like that', () => {
    const often = before(100, (index) => (index < 3 ? { errors: 4 } : {}));
    expect(found({ errors: 4 }, often)).toEqual([]);
    expect(found({ errors: 5 }, often)).toMatchObject([{ measure: 'errors', median: 0 }]);
  });

  test('is none beside numbers that are too large to be told apart', () => {
    const huge = before(40, (index) => ({ score: index % 2 === 0 ? 1.7e308 : -1.7e308 }));
    expect(usualOf({ alike: [], all: huge })).not.toHaveProperty('score');
    expect(found({ score: 1 }, huge)).toEqual([]);
  });

  test('goes by runs of the same version and size where there are enough', () => {
    const small = before(20, () => ({ durationMs: 1_000 }));
    const run = { ...usual, durationMs: 60_000 };
    expect(anomaliesOf(run, usualOf({ alike: small, all: before(100) }))).toMatchObject([
      { measure: 'duration', sampleSize: 20 },
    ]);
    expect(anomaliesOf(run, usualOf({ alike: small.slice(1), all: before(100) }))).toEqual([]);
  });
});

test('of runs of one kind no more are taken for unusual than is said, whatever their distribution', () => {
  const runs = fc.array(fc.tuple(fc.nat(5), fc.nat(1_000_000)), { minLength: 41, maxLength: 41 });
  fc.assert(
    fc.property(runs, (drawn) => {
      const outcomes = drawn.map(([errors, durationMs]) => ({ ...usual, errors, durationMs: durationMs ** 2 }));
      // Each of them in turn is the new one: that is what "in random order" comes to.
      for (const [measure, direction] of [
        ['errors', 'high'],
        ['duration', 'high'],
        ['duration', 'low'],
      ]) {
        const alarms = outcomes.filter((run, index) =>
          anomaliesOf(run, usualOf({ alike: [], all: outcomes.toSpliced(index, 1) })).some(
            (each) => each.measure === measure && each.direction === direction,
          ),
        );
        expect(alarms.length / outcomes.length).toBeLessThanOrEqual(1 / 41);
      }
    }),
    { numRuns: 30 },
  );
});
