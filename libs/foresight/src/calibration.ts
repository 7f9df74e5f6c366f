import type { Calibration, Expectation, QuantileCalibration, Quantiles, SuccessCalibration } from '@baton/contracts';
import { wilsonInterval } from '@baton/contracts';
import type { Outcome } from './outcome.js';
import { medianOf } from './quantile.js';

/** What was expected of a run when it began, and what came. */
export interface Judged {
  readonly expected: Expectation;
  readonly outcome: Outcome;
}

/** What was expected, held against what came. */
export function calibrationOf(workflow: string | null, runs: readonly Judged[]): Calibration {
  const known = runs.flatMap(({ expected, outcome }) => (expected.status === 'known' ? [{ expected, outcome }] : []));
  const priced = known.flatMap(({ expected: { costUsd }, outcome: { costMicroUsd } }) =>
    costUsd === null || costMicroUsd === null ? [] : [{ expected: costUsd, actual: costMicroUsd / 1e6 }],
  );
  return {
    workflow,
    ended: runs.length,
    notEnough: runs.length - known.length,
    duration: quantileCalibration(
      known.map(({ expected: { durationMs }, outcome }) => ({ expected: durationMs, actual: outcome.durationMs })),
      LEAST_MS,
    ),
    cost: quantileCalibration(priced, LEAST_USD),
    success: successCalibration(
      known.map(({ expected: { success }, outcome }) => ({ rate: success.rate, isSuccess: outcome.isSuccess })),
    ),
  };
}

/** Less than this is no difference: the logarithm of nothing would be without end. */
const LEAST_MS = 1;
const LEAST_USD = 1e-6;

interface Compared {
  readonly expected: Quantiles;
  readonly actual: number;
}

function quantileCalibration(compared: readonly Compared[], least: number): QuantileCalibration {
  const n = compared.length;
  const below = compared.filter(({ expected, actual }) => actual < expected.p10).length;
  const above = compared.filter(({ expected, actual }) => actual > expected.p90).length;
  const interval = wilsonInterval(n - below - above, n);
  const log = (value: number): number => Math.log(Math.max(least, value));
  const off = compared.map(({ expected, actual }) => Math.abs(log(actual) - log(expected.p50)));
  const losses = compared.map(({ expected: { p10, p50, p90 }, actual }) =>
    mean([
      pinball(0.1, log(p10), log(actual)),
      pinball(0.5, log(p50), log(actual)),
      pinball(0.9, log(p90), log(actual)),
    ]),
  );
  return {
    n,
    coverage: n === 0 ? null : (n - below - above) / n,
    coverageLow: interval?.low ?? null,
    coverageHigh: interval?.high ?? null,
    below,
    above,
    medianFactor: n === 0 ? null : Math.exp(medianOf(off)),
    pinball: n === 0 ? null : mean(losses),
  };
}

/**
 * The loss of a quantile that was forecast: (y − q)·p where the truth y lies above it, (q − y)·(1 − p) where it lies below. On
 * average it is least for the true quantile. Source: R. Koenker and G. Bassett, "Regression Quantiles", Econometrica 46 (1978),
 * 33–50. Taken of logarithms, it can be added up over runs of milliseconds and of days.
 */
export const pinball = (p: number, forecast: number, actual: number): number =>
  actual >= forecast ? (actual - forecast) * p : (forecast - actual) * (1 - p);

/**
 * The mean of (chance − what came)², with 1 for success and 0 for failure. Source: G. W. Brier, "Verification of Forecasts
 * Expressed in Terms of Probability", Monthly Weather Review 78 (1950), 1–3.
 */
function successCalibration(
  runs: readonly { readonly rate: number; readonly isSuccess: boolean }[],
): SuccessCalibration {
  const n = runs.length;
  if (n === 0) return { n, expected: null, actual: null, brier: null, brierOfMean: null };
  const actual = runs.filter(({ isSuccess }) => isSuccess).length / n;
  return {
    n,
    expected: mean(runs.map(({ rate }) => rate)),
    actual,
    brier: mean(runs.map(({ rate, isSuccess }) => (rate - (isSuccess ? 1 : 0)) ** 2)),
    brierOfMean: actual * (1 - actual),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
