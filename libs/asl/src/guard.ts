import type { RandomSource } from './random.js';

/** How much an expression may do. All are counts, so that the same expression stops at the same place everywhere. */
export interface EvaluationLimits {
  /**
   * For all expressions of a template together: nodes of the syntax tree that are evaluated, and what work on large data
   * counts as (`weigh.ts`). One or two microseconds each.
   */
  readonly maxSteps: number;
  /** What the limit of steps is called where it can be set, for the sentence about it. */
  readonly stepsSetting?: string | undefined;
  /** Nested evaluations; a function that calls itself uses a few for each call. */
  readonly maxDepth: number;
  /** Items of an array, at any point of the evaluation. */
  readonly maxItems: number;
  /** Characters of a string, at any point, and of the whole result as JSON (roughly). */
  readonly maxCharacters: number;
}

export const DEFAULT_LIMITS: EvaluationLimits = {
  maxSteps: 100_000,
  maxDepth: 2_000,
  maxItems: 200_000,
  maxCharacters: 16 * 1024 * 1024,
};

/** What is evaluated in place has so many steps at most: some milliseconds, and as much again where a step is dear. */
export const SMALL_STEPS = 5_000;

/** One evaluation of one template: what the functions of its expressions answer from, and its counter. */
export interface Evaluation {
  readonly nowMs: number;
  readonly random: RandomSource;
  readonly limits: EvaluationLimits;
  /** Steps after which it breaks off with `NotSmall`; null where it may run into its limits. */
  readonly smallSteps: number | null;
  steps: number;
}

/**
 * The evaluation is more than can be done without somebody who stops it. What was done so far is for nothing: it begins
 * again elsewhere, which no one can tell, since an expression has no effect but its value.
 */
export class NotSmall extends Error {}

/** Before something whose cost nobody can count: a regular expression, a picture that becomes one. */
export function needsStopper(evaluation: Evaluation): void {
  if (evaluation.smallSteps === null) return;
  // Parts of it may be evaluated side by side: those, too, end at their next step.
  evaluation.steps = Number.POSITIVE_INFINITY;
  throw new NotSmall();
}

/** Thrown into JSONata, in the shape of its own errors. */
export const expressionError = (code: string, message: string): { code: string; message: string } => ({
  code,
  message,
});

/** No expression can name it: a JSONata variable has no space in its name. */
export const EVALUATION = ' evaluation';

/** Counts work that happens inside a function, where no node is evaluated. To be called before the work is done. */
export function charge(evaluation: Evaluation, steps: number): void {
  evaluation.steps += steps;
  const { smallSteps, limits } = evaluation;
  if (smallSteps !== null && evaluation.steps > smallSteps) throw new NotSmall();
  if (evaluation.steps > limits.maxSteps) {
    const setting = limits.stepsSetting === undefined ? '' : ` (${limits.stepsSetting} is the limit)`;
    throw expressionError('B1001', `stopped after ${limits.maxSteps} steps of work${setting}: ${HOW_TO_DO_LESS}`);
  }
}

const HOW_TO_DO_LESS =
  'does the expression end? If it does, let it work on less data, or do its work in several states or in a task';

/** The steps that are left: no walk has to count further. */
export const stepsLeft = ({ steps, smallSteps, limits }: Evaluation): number =>
  // One beyond, in place: what is just too much has to be seen to be, since all of it is counted elsewhere.
  smallSteps === null ? Math.max(0, limits.maxSteps - steps) : Math.max(0, smallSteps - steps) + 1;

export function checkSize({ limits }: Evaluation, result: unknown): void {
  if (Array.isArray(result) && result.length > limits.maxItems) {
    throw expressionError('B1003', `made an array of more than ${limits.maxItems} items`);
  }
  if (typeof result === 'string' && result.length > limits.maxCharacters) {
    throw expressionError('B1004', `made a string of more than ${limits.maxCharacters} characters`);
  }
}

/** The evaluation that a frame of JSONata belongs to. */
export function evaluationOf(frame: { lookup(name: string | symbol): unknown }): Evaluation {
  const found = frame.lookup(EVALUATION);
  if (!isEvaluation(found)) throw new Error('an expression was evaluated without its evaluation');
  return found;
}

const isEvaluation = (value: unknown): value is Evaluation =>
  typeof value === 'object' && value !== null && 'steps' in value && 'limits' in value;
