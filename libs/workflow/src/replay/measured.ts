import type { EvaluationLimits, EvaluationResult, Evaluator } from '@baton/asl';
import type { RecordedFact } from './recorded-fact.js';

/*
 * An expression that a clock or a bound on memory ended is a measurement: it need not be ended again on this machine, or at
 * this moment. What the log says of it is taken from there, and nothing else is.
 */

const MARK = ' was stopped: its expressions ';
/** The failure is told in the next event, or behind what is given up with it. */
const NEAR = 4;

/** The evaluator, but for what was stopped by the log. @param before how many events the run had in front of these */
export function withStops(evaluator: Evaluator, facts: readonly RecordedFact[], before: number): Evaluator {
  if (!facts.some(({ dataText }) => dataText.includes(MARK))) return evaluator;
  const stopped = (seed: string, field: string, limits: EvaluationLimits | undefined): EvaluationResult | null => {
    const at = Number(seed.split('/')[2]) - before;
    const near = facts.slice(at, at + NEAR).find(({ dataText }) => dataText.includes(`The field '${field}'${MARK}`));
    const problem = near === undefined ? null : sentenceIn(JSON.parse(near.dataText), `The field '${field}'${MARK}`);
    if (problem === null) return null;
    return { ok: false, error: 'States.QueryEvaluationError', problem, steps: limits?.maxSteps ?? 0 };
  };
  return {
    template: async (template, scope, field, limits) =>
      stopped(scope.seed, field, limits) ?? evaluator.template(template, scope, field, limits),
    path: async (asked, scope, field, limits) =>
      stopped(scope.seed, field, limits) ?? evaluator.path(asked, scope, field, limits),
  };
}

/** The first text in a value that holds the sentence, from there on. */
function sentenceIn(value: unknown, begin: string): string | null {
  if (typeof value === 'string') return value.includes(begin) ? value.slice(value.indexOf(begin)) : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const member of Object.values(value)) {
    const found = sentenceIn(member, begin);
    if (found !== null) return found;
  }
  return null;
}
