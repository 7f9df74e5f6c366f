import { type Anomaly, AnomalyMeasure } from '@baton/contracts';
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
 * with each anomaly.
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

const MEASURES: Readonly<Record<AnomalyMeasure, Measure>> = {
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

/** What of a run lies outside of what such runs were before it. Nothing where these are too few. */
export function anomaliesOf(outcome: FullOutcome, history: History<FullOutcome>): readonly Anomaly[] {
  const runs = candidatesOf(history).find((candidate) => candidate.runs.length >= LEAST_HISTORY)?.runs;
  if (runs === undefined) return [];
  return AnomalyMeasure.options.flatMap((name) => {
    const measure = MEASURES[name];
    const value = measure.of(outcome);
    const before = runs.flatMap((run) => measure.of(run) ?? []);
    if (value === null || before.length < LEAST_HISTORY) return [];
    const found = unusual(value, before, measure);
    return found === null ? [] : [{ measure: name, ...found }];
  });
}

function unusual(
  value: number,
  before: readonly number[],
  { scale, least, directions }: Measure,
): Omit<Anomaly, 'measure'> | null {
  const scaled = before.map(scale);
  const median = medianOf(scaled);
  const spread = Math.max(least, medianOf(scaled.map((each) => Math.abs(each - median))));
  const deviations = (NORMAL_MAD * (scale(value) - median)) / spread;
  const direction = deviations > 0 ? 'high' : 'low';
  if (Math.abs(deviations) <= MOST_DEVIATIONS || !directions.includes(direction)) return null;
  const asExtreme = before.filter((each) => (direction === 'high' ? each >= value : each <= value)).length;
  const n = before.length;
  if (asExtreme > TOLERATED * n) return null;
  const falseAlarmRate = (Math.floor(TOLERATED * n) + 1) / (n + 1);
  return {
    direction,
    value,
    median: medianOf(before),
    deviations: Math.abs(deviations),
    sampleSize: n,
    falseAlarmRate,
  };
}
