import { type EvaluationResult, evaluate, type Scope } from './evaluate.js';
import type { EvaluationLimits } from './guard.js';
import type { Json } from './json.js';
import { evaluatePath } from './jsonpath/evaluate-path.js';
import type { PathScope } from './jsonpath/evaluate-query.js';
import type { PathAsked } from './jsonpath/path-reads.js';

/** Where what a state says in either language is evaluated. */
export interface Evaluator {
  /** A template of JSONata: see `evaluate`. */
  readonly template: (
    template: Json,
    scope: Scope,
    field: string,
    limits?: EvaluationLimits,
  ) => Promise<EvaluationResult>;
  /** What JSONPath says: see `evaluatePath`. */
  readonly path: (
    asked: PathAsked,
    scope: PathScope,
    field: string,
    limits?: EvaluationLimits,
  ) => Promise<EvaluationResult>;
}

/** Here, for as long as it takes. */
export const EVALUATE_HERE: Evaluator = {
  template: evaluate,
  path: async (asked, scope, field, limits) => evaluatePath(asked, scope, field, limits),
};
