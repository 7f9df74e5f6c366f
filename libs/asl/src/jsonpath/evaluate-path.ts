import type { EvaluationResult } from '../evaluate.js';
import { DEFAULT_LIMITS, type EvaluationLimits, NotSmall, SMALL_STEPS } from '../guard.js';
import { holds } from './choice-rule.js';
import { evaluating, fillPayload, isDynamic, type PathScope, runQuery } from './evaluate-query.js';
import { type PathAsked, seesLittleByPaths } from './path-reads.js';

/** Evaluates what JSONPath says, up to the limits. Never throws: what fails is a result with its error. */
export function evaluatePath(
  asked: PathAsked,
  scope: PathScope,
  field: string,
  limits: EvaluationLimits = DEFAULT_LIMITS,
): EvaluationResult {
  return evaluateUpTo(null, asked, scope, field, limits);
}

/**
 * Does so as long as it is known to be a small thing, as `evaluateSmall` does for JSONata: a way of single names and indices
 * leads through anything; all else needs data that are small.
 *
 * @returns null where it is not: it is to be evaluated where it can be stopped
 */
export function evaluateSmallPath(
  asked: PathAsked,
  scope: PathScope,
  field: string,
  limits: EvaluationLimits = DEFAULT_LIMITS,
): EvaluationResult | null {
  if (!seesLittleByPaths(asked, scope)) return null;
  try {
    return evaluateUpTo(SMALL_STEPS, asked, scope, field, limits);
  } catch (thrown) {
    if (thrown instanceof NotSmall) return null;
    throw thrown;
  }
}

function evaluateUpTo(
  smallSteps: number | null,
  asked: PathAsked,
  scope: PathScope,
  field: string,
  limits: EvaluationLimits,
): EvaluationResult {
  switch (asked.kind) {
    case 'query':
      return evaluating(scope, field, limits, (evaluation) => runQuery(asked.text, field, evaluation), smallSteps);
    case 'payload':
      if (!isDynamic(asked.template)) return { ok: true, value: asked.template, steps: 0 };
      return evaluating(scope, field, limits, (evaluation) => fillPayload(asked.template, evaluation), smallSteps);
    case 'test':
      return evaluating(scope, field, limits, (evaluation) => holds(asked.test, evaluation), smallSteps);
  }
}
