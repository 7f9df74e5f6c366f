import { z } from 'zod';
import { RunId } from './ids.js';

/** Of what was seen, a tenth lay below the first, half below the second, and nine tenths below the third. */
export const Quantiles = z.object({ p10: z.number(), p50: z.number(), p90: z.number() });
export type Quantiles = z.infer<typeof Quantiles>;

/** The chance that a run succeeds: a share of runs, and where it may truly lie (Wilson, 95 %). */
export const SuccessChance = z.object({
  /** 0 to 1. */
  rate: z.number(),
  low: z.number(),
  high: z.number(),
  succeeded: z.int(),
  sampleSize: z.int(),
});
export type SuccessChance = z.infer<typeof SuccessChance>;

/** Which runs something is expected from: those of the same version with an input of the same size, or all of the workflow. */
export const ExpectedFrom = z.enum(['version-and-size', 'workflow']);
export type ExpectedFrom = z.infer<typeof ExpectedFrom>;

const known = {
  from: ExpectedFrom,
  /** How many runs it is from. */
  sampleSize: z.int(),
  /** From beginning to end. */
  durationMs: Quantiles,
  /** Of the runs whose cost is known; null where these are too few. */
  costUsd: Quantiles.nullable(),
  costSampleSize: z.int(),
  success: SuccessChance,
};

const NotEnough = z.object({
  status: z.literal('not-enough'),
  /** How many there are to go by, and how many there must be. */
  sampleSize: z.int(),
  needed: z.int(),
});

/** What a run is expected to take, before it has done anything. */
export const Expectation = z.discriminatedUnion('status', [
  z.object({ status: z.literal('known'), ...known }),
  NotEnough,
]);
export type Expectation = z.infer<typeof Expectation>;

/** What a run under way is expected to take, given what it has done so far. */
export const Outlook = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('known'),
    ...known,
    /** `step`: from runs that were in the same state for as long; `elapsed`: from runs that took as long as a whole. */
    given: z.enum(['step', 'elapsed']),
    /** The state that it is in, and the how-manieth time; null where no one state says it. */
    state: z.string().nullable(),
    visit: z.int().nullable(),
    elapsedMs: z.number(),
    /** From now; never below nothing. */
    endsInMs: Quantiles,
  }),
  /** It has taken longer than all but so few that nothing can be said of those. */
  z.object({
    status: z.literal('beyond-history'),
    elapsedMs: z.number(),
    /** So many of the runs took this long. */
    longer: z.int(),
    sampleSize: z.int(),
  }),
  /** It is like no other run: it began in the middle of another, or was retried. */
  z.object({ status: z.literal('not-comparable'), why: z.enum(['forked', 'retried']) }),
  NotEnough,
]);
export type Outlook = z.infer<typeof Outlook>;

/** How long a state usually takes, the first time that it is entered. */
export const StepExpectation = z.object({ state: z.string(), sampleSize: z.int(), durationMs: Quantiles });
export type StepExpectation = z.infer<typeof StepExpectation>;

/** `GET /v1/foresight/expectations`: what a run of a workflow would take. */
export const WorkflowExpectation = z.object({
  workflow: z.string(),
  /** The newest where none was named; null where there is none. */
  version: z.string().nullable(),
  inputBytes: z.int().nullable(),
  expectation: Expectation,
  /** Longest first; those with too few visits are left out. */
  steps: z.array(StepExpectation),
});
export type WorkflowExpectation = z.infer<typeof WorkflowExpectation>;

/** `GET /v1/foresight/expectations/{id}`: what is expected of one run. */
export const RunExpectation = z.object({
  runId: RunId,
  workflow: z.string(),
  version: z.string(),
  status: z.string(),
  /** What was expected when it began, from the runs that had ended by then; null where that is not on record, or made of runs that the caller may not see. */
  atStart: Expectation.nullable(),
  /** Null once it has ended. */
  now: Outlook.nullable(),
  /** What came of it; null before its end. */
  outcome: z.object({ durationMs: z.number(), costUsd: z.number().nullable(), isSuccess: z.boolean() }).nullable(),
});
export type RunExpectation = z.infer<typeof RunExpectation>;

/** How often the truth lay between p10 and p90, and how far off the middle was. */
export const QuantileCalibration = z.object({
  n: z.int(),
  /** The share of runs between p10 and p90; null where there is none. It should be 0.8; more where many runs took the very same. */
  coverage: z.number().nullable(),
  /** Where the share may truly lie (Wilson, 95 %). */
  coverageLow: z.number().nullable(),
  coverageHigh: z.number().nullable(),
  below: z.int(),
  above: z.int(),
  /** Half of the runs were off the middle by no more than this factor; 1 is none. */
  medianFactor: z.number().nullable(),
  /** Mean pinball loss of the three quantiles, of logarithms: less is better. */
  pinball: z.number().nullable(),
});
export type QuantileCalibration = z.infer<typeof QuantileCalibration>;

/** How good chances of success were. */
export const SuccessCalibration = z.object({
  n: z.int(),
  /** What was expected on average, and what came. */
  expected: z.number().nullable(),
  actual: z.number().nullable(),
  /** Mean squared difference: 0 is perfect. */
  brier: z.number().nullable(),
  /** The score of one who always says what came on average: a good estimate is below it. */
  brierOfMean: z.number().nullable(),
});
export type SuccessCalibration = z.infer<typeof SuccessCalibration>;

/** Of one workflow, or of all. */
export const Calibration = z.object({
  /** Null: of all workflows. */
  workflow: z.string().nullable(),
  /** Runs that ended by themselves, and those of them of which too little was known when they began. */
  ended: z.int(),
  notEnough: z.int(),
  duration: QuantileCalibration,
  cost: QuantileCalibration,
  success: SuccessCalibration,
});
export type Calibration = z.infer<typeof Calibration>;

/** `GET /v1/foresight/calibration`: what was expected when runs began, held against what came. */
export const CalibrationReport = z.object({
  total: Calibration,
  /** Most runs first. */
  workflows: z.array(Calibration),
  /** The newest so many ended runs were looked at, and whether there are older ones. */
  most: z.int(),
  isCut: z.boolean(),
});
export type CalibrationReport = z.infer<typeof CalibrationReport>;
