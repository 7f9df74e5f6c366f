import { ErrorName } from '../error-names.js';
import type { EvaluationResult } from '../evaluate.js';
import type { Evaluation, EvaluationLimits } from '../guard.js';
import type { Json, JsonObject } from '../json.js';
import { plainJson } from '../plain-json.js';
import { preview } from '../preview.js';
import { type RandomSource, randomFrom } from '../random.js';
import { compileQuery } from './compile-query.js';
import type { Argument, Query } from './intrinsic.js';
import { callIntrinsic, IntrinsicProblem } from './intrinsic-functions.js';
import { type PathData, PathProblem, queryPath } from './query.js';

/** What paths and intrinsic functions see, and where their time and chance come from. */
export interface PathScope extends PathData {
  readonly nowMs: number;
  readonly seed: string;
}

/** One evaluation in JSONPath mode: its data, and its counter. */
export interface PathEvaluation {
  readonly data: PathData;
  readonly evaluation: Evaluation;
}

/** Something that is wrong with a field, as a sentence. */
export class FieldProblem extends Error {}

/**
 * Does something with paths under the limits of an evaluation. What fails is a result with the error the
 * language gives it. `isTerminal` there means that nothing catches it: as in the recorded service, a path that leads
 * nowhere ends the execution.
 *
 * @throws NotSmall where it takes more than `smallSteps`
 */
export function evaluating(
  scope: PathScope,
  field: string,
  limits: EvaluationLimits,
  act: (evaluation: PathEvaluation) => Json,
  smallSteps: number | null = null,
): EvaluationResult {
  let source: RandomSource | null = null;
  const random: RandomSource = () => {
    source ??= randomFrom(scope.seed);
    return source();
  };
  const evaluation: Evaluation = { nowMs: scope.nowMs, random, limits, smallSteps, steps: 0 };
  try {
    const value = plainJson(act({ data: scope, evaluation }), evaluation);
    return { ok: true, value, steps: evaluation.steps };
  } catch (thrown) {
    return { ok: false, ...describe(thrown, field), steps: evaluation.steps };
  }
}

function describe(thrown: unknown, field: string): { readonly error: string; readonly problem: string } {
  if (thrown instanceof FieldProblem) return { error: ErrorName.runtime, problem: thrown.message };
  if (thrown instanceof IntrinsicProblem) return { error: ErrorName.intrinsicFailure, problem: thrown.message };
  // What counts steps and sizes throws plain objects, as JSONata does.
  const isStop = typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'message' in thrown;
  if (isStop) return { error: ErrorName.queryEvaluation, problem: `The field '${field}': ${String(thrown.message)}.` };
  throw thrown;
}

/** The value of a path or an intrinsic function that stands in a field. */
export function runQuery(text: string, field: string, evaluation: PathEvaluation): Json {
  const compiled = compileQuery(text);
  if (!compiled.ok)
    throw new FieldProblem(`The field '${field}' is no path or intrinsic function: ${compiled.problem}.`);
  return answer(compiled.query, field, evaluation);
}

function answer(query: Query, field: string, { data, evaluation }: PathEvaluation): Json {
  if (query.kind === 'call') {
    const args = query.args.map((argument) => answerArgument(argument, field, { data, evaluation }));
    const [first] = query.args;
    const raw = first?.kind === 'literal' ? (first.raw ?? null) : null;
    try {
      return callIntrinsic(query.name, args, raw, evaluation);
    } catch (thrown) {
      if (!(thrown instanceof IntrinsicProblem)) throw thrown;
      throw new IntrinsicProblem(`The function '${query.text}' had the following error: ${thrown.message}.`);
    }
  }
  try {
    return queryPath(query.path, data, evaluation);
  } catch (thrown) {
    if (!(thrown instanceof PathProblem)) throw thrown;
    const shown = preview(data.input, 1_000);
    throw new FieldProblem(
      `The JSONPath '${query.path.text}' specified for the field '${field}' could not be found in the input '${shown}'`,
    );
  }
}

const answerArgument = (argument: Argument, field: string, evaluation: PathEvaluation): Json =>
  argument.kind === 'literal' ? argument.value : answer(argument, field, evaluation);

/**
 * The value of a payload template: JSON in which every member whose name ends in `.$` gives its value by a path or an
 * intrinsic function, and loses the ending. Texts elsewhere are taken literally.
 */
export function fillPayload(template: Json, evaluation: PathEvaluation): Json {
  if (!isDynamic(template)) return template;
  if (Array.isArray(template)) return template.map((item: Json) => fillPayload(item, evaluation));
  const entries = Object.entries(template as JsonObject).map(([name, value]): [string, Json] => {
    if (!name.endsWith('.$')) return [name, fillPayload(value, evaluation)];
    if (typeof value !== 'string') throw new FieldProblem(`The value for the field '${name}' must be a path.`);
    return [name.slice(0, -2), runQuery(value, name, evaluation)];
  });
  return Object.fromEntries(entries);
}

export function isDynamic(template: Json): boolean {
  if (typeof template !== 'object' || template === null) return false;
  if (Array.isArray(template)) return template.some(isDynamic);
  return Object.entries(template).some(([name, value]) => name.endsWith('.$') || isDynamic(value));
}
