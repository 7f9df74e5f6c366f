import {
  DEFAULT_LIMITS,
  type EvaluationLimits,
  type EvaluationResult,
  type Evaluator,
  evaluateSmall,
  type Json,
  type Scope,
  visibleScope,
} from '@baton/asl';
import { CallStopped, type Stoppable } from './stoppable.js';
import { written } from './written.js';

export interface EvaluatorOptions {
  /** How long an expression may take, in milliseconds. */
  readonly timeMs: number;
  /** The setting that says so, for the sentence that a stopped expression ends with. */
  readonly setting: string;
  /** Called when an evaluation goes to a thread: what it belongs to has to wait, and others need not. */
  readonly onWait?: () => void;
}

/** The result of a thread is read at one stretch by the process that asked: no more than a payload may be anyway. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Evaluates in place what is small, and everything else in a thread, where clock and memory can end it. */
export const evaluatorOn =
  (stoppable: Stoppable, options: EvaluatorOptions): Evaluator =>
  async (template, scope, field, limits = DEFAULT_LIMITS) => {
    const small = await evaluateSmall(template, scope, field, limits);
    if (small !== null) return small;
    options.onWait?.();
    return evaluateThere({ template, scope, field, limits }, stoppable, options);
  };

/** A few steps may have taken a second: after some twenty such evaluations a turn has done enough. */
const LEAST_STEPS = 990;

interface Evaluation {
  readonly template: Json;
  readonly scope: Scope;
  readonly field: string;
  readonly limits: EvaluationLimits;
}

async function evaluateThere(
  { template, scope, field, limits }: Evaluation,
  stoppable: Stoppable,
  { timeMs, setting }: EvaluatorOptions,
): Promise<EvaluationResult> {
  const bounds = { ...limits, maxCharacters: Math.min(limits.maxCharacters, MOST_CHARACTERS) };
  const { states, variables, nowMs, seed } = visibleScope(template, scope);
  const parts = [
    await written(template),
    await written({ states: { ...states }, variables, nowMs, seed }),
    JSON.stringify({ field, limits: bounds }),
  ];
  try {
    const result: EvaluationResult = JSON.parse(await stoppable.call('evaluate', parts, { timeMs }));
    return { ...result, steps: Math.max(result.steps, LEAST_STEPS) };
  } catch (thrown) {
    if (!(thrown instanceof CallStopped)) throw thrown;
    return stopped(field, thrown, limits, setting);
  }
}

/** As an event it is the same for ever: a replay evaluates nothing. */
function stopped(field: string, { limit, message }: CallStopped, limits: EvaluationLimits, setting: string) {
  const advice =
    limit === 'time'
      ? `Let it work on less data, look for repetitions that overlap in its regular expressions, or raise ${setting}`
      : 'Let it work on less data, or make less of it at once';
  const problem = `The field '${field}' was stopped: its expressions ${message}. ${advice}.`;
  return { ok: false, error: 'States.QueryEvaluationError', problem, steps: limits.maxSteps } as const;
}
