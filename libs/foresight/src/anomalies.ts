import { type Anomaly, RunMeasure } from '@baton/contracts';
import { candidatesOf } from './expectation.js';
import type { FullOutcome, History } from './outcome.js';
import { medianOf } from './quantile.js';

/** With fewer runs than this none is unusual: one of twenty-one is the most extreme by chance alone, and that is often enough. */
export const LEAST_HISTORY = 20;

/**
 * A value is unusual where both hold.
 *
 * Its modified z-score 0.6745·(x − median) / MAD lies beyond 3.5, the bound that B. Iglewicz and D. C. Hoaglin propose ("How to
 * Detect and Handle Outliers", ASQC 1993): median and median absolute deviation stand still when a few runs went wild, which
 * mean and standard deviation do not. 0.6745 makes MAD the standard deviation of a normal distribution, of which 0.05 % lie
 * beyond. Where nearly all runs were the same MAD is nothing, so a least deviation stands in for it, below which nobody
 * would call it a difference.
 *
 * And at most a fiftieth of the runs before was as extreme: k of n. That bounds false alarms for any distribution: if this run
 * is of the kind of those before, each place in their order is equally likely, and it is among the first k + 1 of n + 1 with
 * probability (k + 1) / (n + 1) at most (the rank test of G. A. Barnard, Journal of the Royal Statistical Society B 25 (1963),
 * 294; "conformal p-value" in V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World", 2005). It is said
 * with each anomaly. The runs before are those that had ended when this one *began*: of those that had ended when it ended, the
 * shorter ones of a batch are more, so its slow runs would seem unusual beside them. What is left of that: where a batch is
 * long under way, the first of its runs to end are the short ones, for whoever begins then.
 */
const MOST_DEVIATIONS = 3.5;
const NORMAL_MAD = 0.6745;
const TOLERATED = 0.02;

interface Measure {
  readonly of: (outcome: FullOutcome) => number | null;
  /** In which differences are measured: time and money in factors. */
  readonly scale: (value: number) => number;
  /** The least deviation, on that scale. */
  readonly least: number;
  readonly directions: readonly Anomaly['direction'][];
}

const plain = (value: number): number => value;
const BOTH = ['high', 'low'] as const;

const MEASURES: Readonly<Record<RunMeasure, Measure>> = {
  // A second more or less is none; beyond that a factor of 1.68 at least (3.5 · 0.1 / 0.6745, as e to the power of it).
  duration: { of: ({ durationMs }) => durationMs, scale: (ms) => Math.log(ms + 1_000), least: 0.1, directions: BOTH },
  cost: {
    of: ({ costMicroUsd }) => (costMicroUsd === null ? null : costMicroUsd / 1e6),
    scale: (usd) => Math.log(usd + 0.001),
    ...{ least: 0.1, directions: BOTH },
  },
  // Of what is counted or scored, a difference of one is a difference (0.6745 / 0.15 is more than 3.5).
  rounds: { of: ({ rounds }) => rounds, scale: plain, least: 0.15, directions: ['high'] },
  score: { of: ({ score }) => score, scale: plain, least: 0.15, directions: ['low'] },
  disagreement: { of: ({ disagreements }) => disagreements, scale: plain, least: 0.15, directions: ['high'] },
  errors: { of: ({ errors }) => errors, scale: plain, least: 0.15, directions: ['high'] },
};

/** What is usual in one measure: all that a run has to be held against, however many runs it is made of. */
interface UsualValue {
  readonly sampleSize: number;
  readonly median: number;
  /** Middle and usual deviation, as differences are measured. */
  readonly centre: number;
  readonly spread: number;
  /** Below the first, or above the second, no more than a fiftieth of the runs was. */
  readonly low: number;
  readonly high: number;
}

/** What is usual when a run begins. A measure is missing where there are too few runs. */
export type Usual = Readonly<Partial<Record<RunMeasure, UsualValue>>>;

/** @param history what had ended when the run began */
export function usualOf(history: History<FullOutcome>): Usual {
  const runs = candidatesOf(history).find((candidate) => candidate.runs.length >= LEAST_HISTORY)?.runs ?? [];
  return Object.fromEntries(
    RunMeasure.options.flatMap((name) => {
      const before = runs.flatMap((run) => MEASURES[name].of(run) ?? []);
      const usual = before.length < LEAST_HISTORY ? null : usualValue(before, MEASURES[name]);
      return usual === null ? [] : [[name, usual]];
    }),
  );
}

/** Null where the numbers are too large to be told apart. */
function usualValue(before: readonly number[], { scale, least }: Measure): UsualValue | null {
  const sorted = before.toSorted((a, b) => a - b);
  const scaled = before.map(scale);
  const centre = medianOf(scaled);
  const tolerated = Math.floor(TOLERATED * before.length);
  const found = {
    sampleSize: before.length,
    median: medianOf(before),
    ...{ centre, spread: Math.max(least, medianOf(scaled.map((each) => Math.abs(each - centre)))) },
    ...{ low: sorted.at(tolerated) ?? 0, high: sorted.at(-1 - tolerated) ?? 0 },
  };
  return Object.values(found).every(Number.isFinite) ? found : null;
}

/** What of a run lies outside of what was usual when it began. */
export const anomaliesOf = (outcome: FullOutcome, usual: Usual): readonly Anomaly[] =>
  RunMeasure.options.flatMap((measure) => {
    const value = MEASURES[measure].of(outcome);
    const before = usual[measure];
    const found = value === null || before === undefined ? null : unusual(value, before, MEASURES[measure]);
    return found === null ? [] : [{ measure, ...found }];
  });

function unusual(
  value: number,
  { sampleSize, median, centre, spread, low, high }: UsualValue,
  { scale, directions }: Measure,
): Omit<Anomaly, 'measure'> | null {
  const deviations = (NORMAL_MAD * (scale(value) - centre)) / spread;
  const direction = deviations > 0 ? 'high' : 'low';
  const isExtreme = direction === 'high' ? value > high : value < low;
  if (Math.abs(deviations) <= MOST_DEVIATIONS || !directions.includes(direction) || !isExtreme) return null;
  const falseAlarmRate = (Math.floor(TOLERATED * sampleSize) + 1) / (sampleSize + 1);
  return {
    ...{ direction, value, windowSize: null, median },
    ...{ deviations: Math.abs(deviations), sampleSize, falseAlarmRate },
  };
}
