import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrationOf, pinball } from './calibration.js';
import { expectationOf } from './expectation.js';
import type { History, Outcome, StepOutcome } from './outcome.js';
import { outlookOf } from './outlook.js';
import { LEAST_SAMPLE, quantilesOf } from './quantile.js';
import { sizeClassOf } from './size-class.js';

const outcome = fc.record({
  durationMs: fc.nat(10_000_000),
  costMicroUsd: fc.option(fc.nat(50_000_000)),
  isSuccess: fc.boolean(),
});
const many = fc.array(outcome, { maxLength: 60 });
const runs = (durations: readonly number[]): readonly Outcome[] =>
  durations.map((durationMs) => ({ durationMs, costMicroUsd: durationMs, isSuccess: durationMs % 2 === 0 }));
const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, index) => index + 1);
const all = (outcomes: readonly Outcome[]): History<Outcome> => ({ alike: [], all: outcomes });

describe('what is expected of a run', () => {
  test('is in order, within what was seen, and said with its number', () => {
    fc.assert(
      fc.property(many, many, (alike, others) => {
        const found = expectationOf({ alike, all: [...others, ...alike] });
        if (found.status !== 'known') {
          expect(found).toEqual({
            status: 'not-enough',
            sampleSize: others.length + alike.length,
            needed: LEAST_SAMPLE,
          });
          expect(others.length + alike.length).toBeLessThan(LEAST_SAMPLE);
          return;
        }
        const from = found.from === 'version-and-size' ? alike : [...others, ...alike];
        expect([found.sampleSize, found.from]).toEqual([
          from.length,
          alike.length >= LEAST_SAMPLE ? 'version-and-size' : 'workflow',
        ]);
        for (const quantiles of [found.durationMs, found.costUsd]) {
          if (quantiles === null) continue;
          expect(quantiles.p10).toBeLessThanOrEqual(quantiles.p50);
          expect(quantiles.p50).toBeLessThanOrEqual(quantiles.p90);
        }
        expect(found.durationMs.p10).toBeGreaterThanOrEqual(Math.min(...from.map(({ durationMs }) => durationMs)));
        expect(found.durationMs.p90).toBeLessThanOrEqual(Math.max(...from.map(({ durationMs }) => durationMs)));
        const { low, rate, high } = found.success;
        expect(low).toBeLessThanOrEqual(rate);
        expect(rate).toBeLessThanOrEqual(high);
      }),
    );
  });

  test('is nothing where there are too few runs, and says how many there are', () => {
    expect(expectationOf(all(runs([1, 2, 3])))).toEqual({ status: 'not-enough', sampleSize: 3, needed: 9 });
    expect(quantilesOf(upTo(8))).toBeNull();
    expect(quantilesOf(upTo(9))).toEqual({ p10: 1, p50: 5, p90: 9 });
  });

  test('has no cost where too few are known', () => {
    const unpriced = runs(upTo(12)).map((run, index) => ({ ...run, costMicroUsd: index < 8 ? 1 : null }));
    expect(expectationOf(all(unpriced))).toMatchObject({ sampleSize: 12, costUsd: null, costSampleSize: 8 });
  });
});

describe('what is expected of a run under way', () => {
  const stepOutcome: fc.Arbitrary<StepOutcome> = fc
    .record({ run: outcome, enteredMs: fc.nat(10_000_000), spentMs: fc.nat(10_000_000) })
    .map(({ run, ...step }) => ({ ...run, ...step }));

  test('is never less than what has passed, and what is left never less than nothing', () => {
    fc.assert(
      fc.property(
        many,
        fc.array(stepOutcome, { maxLength: 60 }),
        fc.nat(4_000_000),
        fc.nat(4_000_000),
        (whole, steps, before, inStep) => {
          const step = { state: 'Code', visit: 1, elapsedMs: inStep, history: { alike: [], all: steps } };
          const found = outlookOf(all(whole), { elapsedMs: before + inStep, spentMicroUsd: 0, step });
          if (found.status !== 'known') return;
          for (const [left, total] of [
            [found.endsInMs.p10, found.durationMs.p10],
            [found.endsInMs.p50, found.durationMs.p50],
            [found.endsInMs.p90, found.durationMs.p90],
          ] as const) {
            expect(left).toBeGreaterThanOrEqual(0);
            expect(total).toBeGreaterThanOrEqual(found.elapsedMs);
          }
          expect(found.endsInMs.p10).toBeLessThanOrEqual(found.endsInMs.p50);
          expect(found.endsInMs.p50).toBeLessThanOrEqual(found.endsInMs.p90);
        },
      ),
    );
  });

  test('is what it was in the beginning where nothing has passed', () => {
    const history = all(runs(upTo(30)));
    const found = outlookOf(history, { elapsedMs: 0, spentMicroUsd: 0, step: null });
    expect(found).toMatchObject({ ...expectationOf(history), given: 'elapsed', endsInMs: { p10: 3.1 } });
  });

  test('goes by those that stayed in the same state for as long', () => {
    // Forty runs entered the state after 100 ms, stayed 1 to 40 ms, and took 1,000 ms more.
    const steps = upTo(40).map((spentMs) => ({
      ...{ durationMs: 1_100 + spentMs, costMicroUsd: null, isSuccess: spentMs > 20, enteredMs: 100, spentMs },
    }));
    const step = { state: 'Code', visit: 2, elapsedMs: 20, history: { alike: [], all: steps } };
    const found = outlookOf(all(steps), { elapsedMs: 120, spentMicroUsd: null, step });
    expect(found).toMatchObject({
      ...{ given: 'step', state: 'Code', visit: 2, sampleSize: 20, costUsd: null, success: { rate: 1 } },
      endsInMs: { p50: 1_010.5 },
    });
  });

  test('is beyond what was seen where it stays longer in its state than all but a few did, however long runs take', () => {
    // Forty runs stayed 1 to 40 ms in the first state, and took 1,000 ms more: that says nothing of one that is stuck there.
    const steps = upTo(40).map((spentMs) => ({
      ...{ durationMs: 1_000 + spentMs, costMicroUsd: null, isSuccess: true, enteredMs: 0, spentMs },
    }));
    const stuck = (history: readonly StepOutcome[], elapsedMs: number) =>
      outlookOf(all(steps), {
        ...{ elapsedMs, spentMicroUsd: null },
        step: { state: 'Plan', visit: 1, elapsedMs, history: { alike: history, all: history } },
      });
    expect(stuck(steps, 38)).toEqual({ status: 'beyond-history', elapsedMs: 38, longer: 2, sampleSize: 40 });
    expect(stuck(steps, 500)).toEqual({ status: 'beyond-history', elapsedMs: 500, longer: 0, sampleSize: 40 });
    // Hardly any run was in that state: nothing is known of it.
    expect(stuck(steps.slice(0, 8), 500)).toMatchObject({ status: 'known', given: 'elapsed', sampleSize: 40 });
  });

  test('is said to be beyond what was seen where hardly a run was that slow', () => {
    const progress = { elapsedMs: 95, spentMicroUsd: 0, step: null };
    expect(outlookOf(all(runs(upTo(100))), progress)).toEqual({
      ...{ status: 'beyond-history', elapsedMs: 95, longer: 5, sampleSize: 100 },
    });
    expect(outlookOf(all(runs(upTo(4))), progress)).toMatchObject({ status: 'not-enough', sampleSize: 4 });
  });

  test('costs no less than what is spent', () => {
    const found = outlookOf(all(runs(upTo(40))), { elapsedMs: 1, spentMicroUsd: 21, step: null });
    expect(found).toMatchObject({ costSampleSize: 20, costUsd: { p10: 22e-6 } });
  });
});

describe('calibration', () => {
  /** Numbers that look random and are the same each time. */
  function* draws(seed: number): Generator<number> {
    for (let state = seed; ; ) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      yield state / 2 ** 32;
    }
  }

  test('of runs of one kind finds eight of ten between p10 and p90, and of runs that got slower fewer', () => {
    const random = draws(7);
    const next = (): number => random.next().value ?? 0;
    const seen = (count: number, factor: number) =>
      Array.from({ length: count }, () => {
        const past = Array.from({ length: 29 }, () => ({
          durationMs: Math.exp(8 * next()),
          costMicroUsd: null,
          isSuccess: next() < 0.7,
        }));
        const came = { durationMs: factor * Math.exp(8 * next()), costMicroUsd: null, isSuccess: next() < 0.7 };
        return { expected: expectationOf(all(past)), outcome: came };
      });
    const usual = calibrationOf('w', seen(3_000, 1));
    expect(usual.duration.coverage).toBeGreaterThan(0.78);
    expect(usual.duration.coverage).toBeLessThan(0.82);
    expect(usual.duration.coverageLow).toBeLessThan(0.8);
    expect(usual.duration.coverageHigh).toBeGreaterThan(0.8);
    expect(usual.cost).toMatchObject({ n: 0, coverage: null });
    const { expected, actual, brier, brierOfMean } = usual.success;
    expect([expected, actual]).toEqual([expect.closeTo(0.7, 1), expect.closeTo(0.7, 1)]);
    // Shares of twenty-nine are a little worse than the truth, and better than a coin (0.25).
    expect(brier).toBeGreaterThan(brierOfMean ?? 1);
    expect(brier).toBeLessThan(0.25);
    const slower = calibrationOf('w', seen(500, 50));
    expect(slower.duration.coverage).toBeLessThan(0.6);
    expect(slower.duration.pinball).toBeGreaterThan(usual.duration.pinball ?? 99);
  });

  test('counts those of which too little was known, and is nothing of nothing', () => {
    const [outcomeOfOne] = runs([5]);
    if (outcomeOfOne === undefined) throw new Error('there is one');
    const unknown = { status: 'not-enough', sampleSize: 0, needed: 9 } as const;
    expect(calibrationOf(null, [{ expected: unknown, outcome: outcomeOfOne }])).toMatchObject({
      ...{ ended: 1, notEnough: 1, duration: { n: 0, coverage: null }, success: { n: 0, brier: null } },
    });
  });

  test('the pinball loss is least for the true quantile', () => {
    const loss = (p: number, forecast: number) => upTo(99).reduce((sum, value) => sum + pinball(p, forecast, value), 0);
    for (const p of [0.1, 0.5, 0.9])
      for (const other of [5, 30, 70, 95]) expect(loss(p, 100 * p)).toBeLessThanOrEqual(loss(p, other));
  });
});

test('inputs are of one size up to eight times as large', () => {
  expect([0, 511, 512, 4_095, 4_096, 40_000, 300_000].map(sizeClassOf)).toEqual([0, 0, 1, 1, 2, 3, 4]);
});
