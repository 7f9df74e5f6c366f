import type { Outlook } from '@baton/contracts';
import { candidatesOf, costAndChance } from './expectation.js';
import type { History, Outcome, StepOutcome } from './outcome.js';
import { LEAST_SAMPLE, mapQuantiles, quantilesOf } from './quantile.js';

/** How far a run has come. */
export interface Progress {
  readonly elapsedMs: number;
  /** Null where it is not known. */
  readonly spentMicroUsd: number | null;
  /** The state that it is in, and runs that were in it for the same how-manieth time; null where no one state says it. */
  readonly step: {
    readonly state: string;
    readonly visit: number;
    readonly elapsedMs: number;
    readonly history: History<StepOutcome>;
  } | null;
}

/**
 * What a run under way is expected to take. Only runs count that were as far: that stayed in the same state for longer than this
 * one has been in it, and of which we know how long they took from there. Where too few were ever in that state, those count that
 * took longer as a whole. So what is left is the rest of those runs (mean residual life is made of the same survivors: R. E. Barlow and F. Proschan, "Mathematical
 * Theory of Reliability", 1965), never less than nothing; and where too few were ever that slow, that is all that is said: a run that is stuck in an early
 * state is not like those that are nearly done.
 */
export function outlookOf(history: History<Outcome>, progress: Progress): Outlook {
  return byStep(progress) ?? byElapsed(history, progress) ?? nothing(history, progress);
}

function byStep({ step, elapsedMs, spentMicroUsd }: Progress): Outlook | null {
  if (step === null) return null;
  const { state, visit, elapsedMs: inStepMs } = step;
  const stayed = (run: StepOutcome): boolean => stayedLonger(run, inStepMs);
  const survivors = { alike: step.history.alike.filter(stayed), all: step.history.all.filter(stayed) };
  const left = (run: StepOutcome): number => run.durationMs - run.enteredMs - inStepMs;
  const found = known(survivors, left, { given: 'step', state, visit }, elapsedMs, spentMicroUsd);
  return found ?? (step.history.all.length < LEAST_SAMPLE ? null : beyond(survivors.all, step.history.all, elapsedMs));
}

/** Longer in the state than this run is by now; the hub's clock may have been set back, and then it says nothing. */
const stayedLonger = ({ spentMs, enteredMs, durationMs }: StepOutcome, inStepMs: number): boolean =>
  spentMs > inStepMs && durationMs - enteredMs >= spentMs;

function byElapsed(history: History<Outcome>, { elapsedMs, spentMicroUsd, step }: Progress): Outlook | null {
  const isLonger = ({ durationMs }: Outcome): boolean => durationMs > elapsedMs;
  const survivors = { alike: history.alike.filter(isLonger), all: history.all.filter(isLonger) };
  const where = { given: 'elapsed', state: step?.state ?? null, visit: step?.visit ?? null } as const;
  return known(survivors, (run) => run.durationMs - elapsedMs, where, elapsedMs, spentMicroUsd);
}

type Given = Pick<Extract<Outlook, { status: 'known' }>, 'given' | 'state' | 'visit'>;

function known<T extends Outcome>(
  survivors: History<T>,
  leftOf: (run: T) => number,
  given: Given,
  elapsedMs: number,
  spentMicroUsd: number | null,
): Outlook | null {
  for (const { from, runs } of candidatesOf(survivors)) {
    const endsInMs = quantilesOf(runs.map(leftOf));
    if (endsInMs === null) continue;
    return {
      ...{ status: 'known', from, ...given, sampleSize: runs.length, elapsedMs, endsInMs },
      durationMs: mapQuantiles(endsInMs, (left) => elapsedMs + left),
      ...costAndChance(runs, spentMicroUsd ?? 0),
      ...(spentMicroUsd === null ? { costUsd: null, costSampleSize: 0 } : {}),
    };
  }
  return null;
}

function nothing({ all }: History<Outcome>, { elapsedMs }: Progress): Outlook {
  if (all.length < LEAST_SAMPLE) return { status: 'not-enough', sampleSize: all.length, needed: LEAST_SAMPLE };
  return beyond(
    all.filter(({ durationMs }) => durationMs > elapsedMs),
    all,
    elapsedMs,
  );
}

const beyond = (longer: readonly Outcome[], all: readonly Outcome[], elapsedMs: number): Outlook => ({
  ...{ status: 'beyond-history', elapsedMs, longer: longer.length, sampleSize: all.length },
});
