import type jsonata from 'jsonata';
import type { RandomSource } from './random.js';

/** How much an expression may do. All are counts, so that the same expression stops at the same place everywhere. */
export interface EvaluationLimits {
  /** Nodes of the syntax tree that may be evaluated, for all expressions of a template together. One or two microseconds each. */
  readonly maxSteps: number;
  /** Nested evaluations; a function that calls itself uses a few for each call. */
  readonly maxDepth: number;
  /** Items of an array, at any point of the evaluation. */
  readonly maxItems: number;
  /** Characters of a string, at any point, and of the whole result as JSON (roughly). */
  readonly maxCharacters: number;
  /** Asked every 1,000 steps: a time box from the outside. What it cuts off need not repeat, so counts come first. */
  readonly shouldStop?: (() => boolean) | undefined;
}

export const DEFAULT_LIMITS: EvaluationLimits = {
  maxSteps: 100_000,
  maxDepth: 2_000,
  maxItems: 200_000,
  maxCharacters: 16 * 1024 * 1024,
};

/** One evaluation of one template: what the functions of its expressions answer from, and its counter. */
export interface Evaluation {
  readonly nowMs: number;
  readonly random: RandomSource;
  readonly limits: EvaluationLimits;
  steps: number;
}

/** Thrown into JSONata, in the shape of its own errors. */
export const expressionError = (code: string, message: string): { code: string; message: string } => ({
  code,
  message,
});

/** No expression can name it: a JSONata variable has no space in its name. */
export const EVALUATION = ' evaluation';

/** Counts work that happens inside a function, where no node is evaluated. */
export function charge(evaluation: Evaluation, steps: number): void {
  const before = evaluation.steps;
  evaluation.steps += steps;
  if (evaluation.steps > evaluation.limits.maxSteps) {
    throw expressionError('B1001', `stopped after ${evaluation.limits.maxSteps} steps: does the expression end?`);
  }
  const asksNow = Math.floor(before / 1000) !== Math.floor(evaluation.steps / 1000);
  if (asksNow && evaluation.limits.shouldStop?.() === true) throw expressionError('B1002', 'took too long');
}

function checkSize(evaluation: Evaluation, result: unknown): void {
  if (Array.isArray(result) && result.length > evaluation.limits.maxItems) {
    throw expressionError('B1003', `made an array of more than ${evaluation.limits.maxItems} items`);
  }
  if (typeof result === 'string' && result.length > evaluation.limits.maxCharacters) {
    throw expressionError('B1004', `made a string of more than ${evaluation.limits.maxCharacters} characters`);
  }
}

interface Frame {
  lookup(name: string | symbol): unknown;
  readonly base: { depth: number; timestamp: Date };
}

/*
 * JSONata 2.2 offers a time box of its own (`timeout`, `stack`), but it reads the clock. It also looks up two callbacks
 * around every node it evaluates; those count instead. As the callbacks are awaited, a recursive expression grows a
 * chain of promises on the heap and not the stack, so it stops at `maxDepth` on every machine and never overflows.
 */
export function installGuard(program: jsonata.Expression): void {
  const assign = (name: symbol, value: unknown) => Reflect.apply(program.assign, program, [name, value]);
  assign(Symbol.for('jsonata.__evaluate_entry'), (_node: unknown, _input: unknown, frame: Frame) => {
    const evaluation = evaluationOf(frame);
    // The default for missing parts of a date in $toMillis: without this, today's date would leak in.
    if (frame.base.depth === 1) frame.base.timestamp = new Date(evaluation.nowMs);
    charge(evaluation, 1);
    if (frame.base.depth > evaluation.limits.maxDepth) {
      throw expressionError('B1005', `nested deeper than ${evaluation.limits.maxDepth}: does the recursion end?`);
    }
  });
  assign(Symbol.for('jsonata.__evaluate_exit'), (_node: unknown, _input: unknown, frame: Frame, result: unknown) => {
    checkSize(evaluationOf(frame), result);
  });
}

/** The evaluation that a frame of JSONata belongs to. */
export function evaluationOf(frame: { lookup(name: string | symbol): unknown }): Evaluation {
  const found = frame.lookup(EVALUATION);
  if (!isEvaluation(found)) throw new Error('an expression was evaluated without its evaluation');
  return found;
}

const isEvaluation = (value: unknown): value is Evaluation =>
  typeof value === 'object' && value !== null && 'steps' in value && 'limits' in value;
