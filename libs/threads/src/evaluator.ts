import {
  charactersToRead,
  DEFAULT_LIMITS,
  type EvaluationLimits,
  type EvaluationResult,
  type Evaluator,
  evaluateSmall,
  evaluateSmallPath,
  type Json,
  visiblePathScope,
  visibleScope,
} from '@baton/asl';
import { CallStopped, type Stoppable } from './stoppable.js';
import { written } from './written.js';

export interface EvaluatorOptions {
  /** How long an expression may take, in milliseconds. */
  readonly timeMs: number;
  /** The setting that says so, for the sentence that a stopped expression ends with. */
  readonly setting: string;
  readonly monotonicMs: () => number;
  /** Called when an evaluation goes to a thread: what it belongs to has to wait, and others need not. */
  readonly onWait?: () => void;
}

/** The result of a thread is read at one stretch by the process that asked: no more than a payload may be anyway. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Evaluates in place what is small, and everything else in a thread, where clock and memory can end it. */
export function evaluatorOn(stoppable: Stoppable, options: EvaluatorOptions): Evaluator {
  let unread = 0;
  return {
    template: async (template, scope, field, limits) => {
      const bounds = boundsOf(limits);
      unread += charactersToRead(template);
      if (unread > READ_AT_A_STRETCH) {
        unread = 0;
        options.onWait?.();
        await new Promise(setImmediate);
      }
      const small = await evaluateSmall(template, scope, field, bounds);
      if (small !== null) return small;
      options.onWait?.();
      const { states, variables, nowMs, seed } = visibleScope(template, scope);
      const asked = { task: 'evaluate', what: template, from: { states: { ...states }, variables, nowMs, seed } };
      return evaluateThere({ ...asked, field, limits: bounds }, stoppable, options);
    },
    path: async (asked, scope, field, limits) => {
      const bounds = boundsOf(limits);
      const small = evaluateSmallPath(asked, scope, field, bounds);
      if (small !== null) return small;
      options.onWait?.();
      const { input, context, variables, nowMs, seed } = visiblePathScope(asked, scope);
      const what: Json = JSON.parse(JSON.stringify(asked));
      const from = { input, context, variables, nowMs, seed };
      return evaluateThere({ task: 'evaluate-path', what, from, field, limits: bounds }, stoppable, options);
    },
  };
}

/**
 * Characters of expressions that are read for the first time before everybody else has a turn: a document may have thousands
 * of states, each with expressions of its own.
 */
const READ_AT_A_STRETCH = 2_000;

/** The same in both places: where it is evaluated shows nowhere. */
const boundsOf = (limits: EvaluationLimits = DEFAULT_LIMITS): EvaluationLimits => ({
  ...limits,
  maxCharacters: Math.min(limits.maxCharacters, MOST_CHARACTERS),
});

/*
 * What an evaluation in a thread counts in its turn. The steps say little of one that takes long: a regular expression is a
 * single one. So its time counts, as a turn has its time: twenty steps are a millisecond of a thread. Some two hundred quick
 * ones are a turn, and one that is stopped is, too. Never as much as a state of its path, which is counted by steps alone:
 * no run ends because its machine was slow.
 */
const LEAST_STEPS = 100;
const STEPS_A_MS = 20;
const MOST_FOR_TIME = 990;

interface Asked {
  readonly task: string;
  readonly what: Json;
  readonly from: Json;
  readonly field: string;
  readonly limits: EvaluationLimits;
}

async function evaluateThere(
  { task, what, from, field, limits }: Asked,
  stoppable: Stoppable,
  { timeMs, setting, monotonicMs }: EvaluatorOptions,
): Promise<EvaluationResult> {
  const parts = [await written(what), await written(from), JSON.stringify({ field, limits })];
  const beganMs = monotonicMs();
  try {
    const result: EvaluationResult = JSON.parse(await stoppable.call(task, parts, { timeMs }));
    const forTime = Math.min(MOST_FOR_TIME, LEAST_STEPS + Math.floor((monotonicMs() - beganMs) * STEPS_A_MS));
    return { ...result, steps: Math.max(result.steps, forTime) };
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
