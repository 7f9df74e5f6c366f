import jsonata from '#jsonata';
import { charge, type Evaluation, expressionError } from './guard.js';
import type { Json } from './json.js';

/** What JSONata hangs on arrays of its own making. */
const SEQUENCE_FLAGS = ['sequence', 'keepSingleton', 'outerWrapper', 'cons'] as const;

/**
 * The value as plain JSON: exactly what comes back when it is written as text and read again, so that a state folded
 * from the log equals the one that was decided on. Parts that are plain already are shared, not copied.
 * Functions, NaN, infinities and missing items are errors. The walk costs steps of the evaluation.
 */
export function plainJson(value: unknown, evaluation: Evaluation): Json {
  const max = evaluation.limits.maxCharacters;
  return plain(value, { left: max, max, uncounted: 0, evaluation }, 0);
}

interface Budget {
  left: number;
  readonly max: number;
  uncounted: number;
  readonly evaluation: Evaluation;
}

const VALUES_A_STEP = 16;

/** Deeper than any text that was meant; keeps the walk, and everybody's JSON.stringify, off the end of the stack. */
const MAX_NESTING = 500;

function plain(value: unknown, budget: Budget, depth: number): Json {
  budget.uncounted += 1;
  if (budget.uncounted === VALUES_A_STEP) {
    budget.uncounted = 0;
    charge(budget.evaluation, 1);
  }
  spend(budget, typeof value === 'string' ? value.length + 2 : 4);
  if (depth > MAX_NESTING) throw expressionError('B3003', `the result is nested deeper than ${MAX_NESTING}`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw expressionError('B3002', `${value} is not a JSON number`);
      return value === 0 ? 0 : value;
    case 'object':
      if (value === null) return null;
      return Array.isArray(value) ? plainArray(value, budget, depth) : plainObject(value, budget, depth);
    case 'undefined':
      throw expressionError('B3001', 'an item of the result is missing (undefined)');
    default:
      throw expressionError('B3004', `the result holds a ${typeof value}, which is not JSON`);
  }
}

function plainArray(list: readonly unknown[], budget: Budget, depth: number): Json {
  let changed = SEQUENCE_FLAGS.some((flag) => Reflect.get(list, flag) !== undefined);
  const items: Json[] = [];
  for (const item of list) {
    const copy = plain(item, budget, depth + 1);
    changed ||= !Object.is(copy, item);
    items.push(copy);
  }
  return changed ? items : isPlainArray(list) ? list : items;
}

function plainObject(object: object, budget: Budget, depth: number): Json {
  if (jsonata.isFunction(object)) {
    throw expressionError('B3004', 'the result holds a function, which is not JSON');
  }
  let changed = false;
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(object)) {
    if (item === undefined) {
      changed = true;
      continue;
    }
    spend(budget, key.length + 3);
    const copy = plain(item, budget, depth + 1);
    changed ||= !Object.is(copy, item);
    entries.push([key, copy]);
  }
  // fromEntries, because assigning to `__proto__` would not make a member.
  return changed || !isPlainRecord(object) ? Object.fromEntries(entries) : object;
}

// Called only after every member was found to be JSON.
const isPlainArray = (list: readonly unknown[]): list is readonly Json[] => Array.isArray(list);
const isPlainRecord = (object: object): object is { readonly [key: string]: Json } =>
  Object.getPrototypeOf(object) === Object.prototype;

function spend(budget: Budget, characters: number): void {
  budget.left -= characters;
  if (budget.left < 0) throw expressionError('B3005', `the result has more than ${budget.max} characters`);
}
