import { ErrorName } from './error-names.js';
import {
  type CompiledExpression,
  compileExpression,
  describeJsonataError,
  expressionBody,
  isExpression,
} from './expression.js';
import {
  charge,
  DEFAULT_LIMITS,
  EVALUATION,
  type Evaluation,
  type EvaluationLimits,
  NotSmall,
  SMALL_STEPS,
  stepsLeft,
} from './guard.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { plainJson } from './plain-json.js';
import { type RandomSource, randomFrom } from './random.js';
import { seesLittle } from './small-values.js';
import { hasExpressions, templateReads } from './templates.js';
import { deepCost } from './weigh.js';

/** What an expression sees, and where its time and its chance come from. */
export interface Scope {
  /** `$states`. `result` and `errorOutput` are there only where the language gives them. */
  readonly states: {
    readonly input: Json;
    readonly context: JsonObject;
    readonly result?: Json;
    readonly errorOutput?: Json;
  };
  readonly variables: JsonObject;
  /** `$now` and `$millis` answer with it. Milliseconds since the epoch. */
  readonly nowMs: number;
  /** `$random` and `$uuid` draw from the stream that belongs to it: one seed gives one sequence of answers. */
  readonly seed: string;
}

export type EvaluationResult =
  | { readonly ok: true; readonly value: Json; readonly steps: number }
  | { readonly ok: false; readonly error: string; readonly problem: string; readonly steps: number };

/**
 * Evaluates a template: JSON in which every string `{% … %}`, at any depth, is replaced by what the expression gives,
 * of whatever type. A template without expressions is its own value.
 *
 * Expressions of one template are evaluated in the order in which they stand, from one stream of random numbers. Never
 * rejects: a failing expression is a result with `error: 'States.QueryEvaluationError'` and a sentence about it. `steps` is
 * what it cost, in the unit of `limits.maxSteps`.
 * @param field the name of the field that holds the template, for that sentence
 */
export async function evaluate(
  template: Json,
  scope: Scope,
  field: string,
  limits: EvaluationLimits = DEFAULT_LIMITS,
): Promise<EvaluationResult> {
  return evaluateUpTo(null, template, scope, field, limits);
}

/**
 * Evaluates a template like `evaluate`, as long as that is known to be a small thing: some milliseconds and megabytes at
 * most. It is where its expressions hold nothing but what is on the list (`in-place.ts`), and go into nothing that is large
 * (`small-values.ts`). Their steps are counted beside that.
 *
 * @returns null where it is not. It is to be evaluated where it can be stopped; nothing was done here that shows.
 */
export async function evaluateSmall(
  template: Json,
  scope: Scope,
  field: string,
  limits: EvaluationLimits = DEFAULT_LIMITS,
): Promise<EvaluationResult | null> {
  const known = templateReads(template);
  if (known === null || !seesLittle(known.reads, scope)) return null;
  // A variable with the name of a function: it is data that is called.
  for (const name of known.calls) if (Object.hasOwn(scope.variables, name)) return null;
  try {
    return await evaluateUpTo(SMALL_STEPS, template, scope, field, limits);
  } catch (thrown) {
    if (thrown instanceof NotSmall) return null;
    throw thrown;
  }
}

async function evaluateUpTo(
  smallSteps: number | null,
  template: Json,
  scope: Scope,
  field: string,
  limits: EvaluationLimits,
): Promise<EvaluationResult> {
  if (!hasExpressions(template)) return { ok: true, value: template, steps: 0 };
  // Most templates draw nothing, and mixing a seed costs more than most expressions.
  let source: RandomSource | null = null;
  const random: RandomSource = () => {
    source ??= randomFrom(scope.seed);
    return source();
  };
  const evaluation: Evaluation = { nowMs: scope.nowMs, random, limits, smallSteps, steps: 0 };
  const known = fillAtOnce(template, scope, evaluation);
  if (known !== undefined) return { ok: true, value: known, steps: evaluation.steps };
  evaluation.steps = 0;
  try {
    const value = await fill(template, field, {
      run: (expression) => run(expression, scope, evaluation),
      evaluation,
    });
    return { ok: true, value, steps: evaluation.steps };
  } catch (thrown) {
    // The parts of a list are evaluated side by side: one may have failed after another one was too much.
    if (smallSteps !== null && evaluation.steps > smallSteps) throw new NotSmall();
    if (thrown instanceof EvaluationFailure) {
      return { ok: false, error: ErrorName.queryEvaluation, problem: thrown.message, steps: evaluation.steps };
    }
    throw thrown;
  }
}

/** The template where all of its expressions are answered at once; undefined where one is not, or is too much. */
function fillAtOnce(template: Json, scope: Scope, evaluation: Evaluation): Json | undefined {
  const values = (name: string): unknown => {
    if (name === 'states') return scope.states;
    return Object.hasOwn(scope.variables, name) ? scope.variables[name] : undefined;
  };
  const filled = (part: Json): Json | undefined => {
    if (typeof part === 'string' && isExpression(part)) {
      const compiled = compileExpression(expressionBody(part));
      if (!compiled.ok || compiled.expression.atOnce === null) return undefined;
      const { steps, value } = compiled.expression.atOnce;
      const found = value(values);
      if (found === undefined) return undefined;
      charge(evaluation, steps);
      return plainJson(found, evaluation);
    }
    if (!hasExpressions(part)) return part;
    if (Array.isArray(part)) return allOf(part.map(filled));
    if (!isJsonObject(part)) return part;
    const items = allOf(Object.values(part).map(filled));
    return items && Object.fromEntries(Object.keys(part).map((key, at) => [key, items[at] ?? null]));
  };
  try {
    return filled(template);
  } catch {
    // Too much of something: who says so in words is the way that everything goes.
    return undefined;
  }
}

const allOf = (items: readonly (Json | undefined)[]): readonly Json[] | undefined => {
  const there = items.filter((item) => item !== undefined);
  return there.length === items.length ? there : undefined;
};

/** Carries a failure out of the nested template; it never leaves this file. */
class EvaluationFailure extends Error {}

interface Filler {
  readonly run: (expression: CompiledExpression) => Promise<unknown>;
  readonly evaluation: Evaluation;
}

async function fill(template: Json, path: string, filler: Filler): Promise<Json> {
  if (typeof template === 'string') return isExpression(template) ? fillExpression(template, path, filler) : template;
  if (!hasExpressions(template)) return template;
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries()) items.push(await fill(item, `${path}/${index}`, filler));
    return items;
  }
  if (!isJsonObject(template)) return template;
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(template)) entries.push([key, await fill(item, `${path}/${key}`, filler)]);
  return Object.fromEntries(entries);
}

async function fillExpression(text: string, path: string, filler: Filler): Promise<Json> {
  const body = expressionBody(text);
  const subject = `The JSONata expression '${body}' specified for the field '${path}'`;
  const compiled = compileExpression(body);
  if (!compiled.ok) throw new EvaluationFailure(`${subject} does not parse: ${compiled.problem}.`);
  let result: unknown;
  try {
    result = await filler.run(compiled.expression);
    if (result !== undefined) return plainJson(result, filler.evaluation);
  } catch (thrown) {
    if (thrown instanceof NotSmall) throw thrown;
    throw new EvaluationFailure(`${subject} threw an error during evaluation. ${describeJsonataError(thrown)}`);
  }
  throw new EvaluationFailure(`${subject} returned nothing (undefined).`);
}

function run(expression: CompiledExpression, scope: Scope, evaluation: Evaluation): Promise<unknown> {
  const { program, calls, mayCallData } = expression;
  const variables: Record<string, unknown> = { ...scope.variables, states: scope.states };
  const shadowsFunction = calls.size > 0 && [...calls].some((name) => Object.hasOwn(variables, name));
  // JSONata writes on what it is told to call, function or not: what belongs to the run is copied first.
  const isCopied = mayCallData || shadowsFunction;
  if (isCopied) charge(evaluation, 4 * deepCost(variables, stepsLeft(evaluation)));
  const safe: Record<string, unknown> = isCopied ? JSON.parse(JSON.stringify(variables)) : variables;
  safe[EVALUATION] = evaluation;
  return program.evaluate(undefined, safe);
}
