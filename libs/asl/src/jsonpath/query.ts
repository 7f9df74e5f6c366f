import { canonicalText } from '../canonical-text.js';
import { charge, type Evaluation, stepsLeft } from '../guard.js';
import { isJsonObject, type Json, type JsonObject } from '../json.js';
import { preview } from '../preview.js';
import { isSameJson } from '../same-json.js';
import { copyCost, deepCost, itemsCost, readCost } from '../weigh.js';
import type { Name, Operand, Path, PathFunction, Selector, Test } from './path.js';

/** What a path is asked of. */
export interface PathData {
  readonly input: Json;
  readonly context: JsonObject;
  readonly variables: JsonObject;
}

/** A definite path that leads nowhere, or a function that was given what it cannot take. */
export class PathProblem extends Error {}

interface Reader {
  readonly data: PathData;
  readonly evaluation: Evaluation;
  /** `@` in a filter. */
  readonly item: Json | undefined;
}

/**
 * What a path gives: the value at its place, or the list of all that match. A definite path that leads nowhere throws; an
 * indefinite one gives an empty list, as in the recorded service, even where the way to it is missing.
 */
export function queryPath(path: Path, data: PathData, evaluation: Evaluation): Json {
  const found = matches(path, { data, evaluation, item: undefined });
  const last = path.selectors.at(-1);
  if (last?.kind === 'function') return applyFunction(last.name, path.isDefinite ? found[0] : found, path, evaluation);
  if (!path.isDefinite) return found;
  const value = found[0];
  if (value === undefined) throw new PathProblem(`nothing is at ${path.text}`);
  return value;
}

/** Every value that a path leads to; none where it leads nowhere. */
export function matchesOf(path: Path, data: PathData, evaluation: Evaluation): readonly Json[] {
  return matches(path, { data, evaluation, item: undefined });
}

function matches(path: Path, reader: Reader): readonly Json[] {
  let found: readonly Json[] = rootOf(path, reader);
  for (const [at, selector] of path.selectors.entries()) {
    if (selector.kind === 'function') break;
    const isLast = at === path.selectors.length - 1;
    const next: Json[] = [];
    for (const value of found) {
      charge(reader.evaluation, selectionCost(selector, value));
      const selected = select(selector, value, reader, isLast);
      charge(reader.evaluation, 1 + itemsCost(selected.length));
      for (const each of selected) next.push(each);
    }
    found = next;
  }
  return found;
}

/** What there is to look at for one value, beyond what is found: names and indices may stand there by the thousand. */
function selectionCost(selector: Selector, value: Json): number {
  if (selector.kind === 'names') return readCost(selector.names.length);
  if (selector.kind === 'indices') return readCost(selector.indices.length);
  if (selector.kind === 'slice') return isList(value) ? itemsCost(value.length) : 0;
  return 0;
}

function rootOf({ root, text }: Path, { data, item }: Reader): readonly Json[] {
  switch (root.kind) {
    case 'input':
      return [data.input];
    case 'context':
      return [data.context];
    case 'item':
      return item === undefined ? [] : [item];
    case 'variable': {
      const value = Object.hasOwn(data.variables, root.name) ? data.variables[root.name] : undefined;
      if (value === undefined) throw new PathProblem(`there is no variable ${root.name}, which ${text} names`);
      return [value];
    }
  }
}

function select(selector: Selector, value: Json, reader: Reader, isLast: boolean): readonly Json[] {
  switch (selector.kind) {
    case 'names':
      return isJsonObject(value) ? selectNames(selector.names, value, isLast) : [];
    case 'indices':
      return isList(value)
        ? selector.indices.map((index) => value.at(index)).filter((item): item is Json => item !== undefined)
        : [];
    case 'slice':
      return isList(value) ? slice(value, selector) : [];
    case 'all':
      return childrenOf(value);
    case 'descend':
      return descendants(value, reader.evaluation);
    case 'filter':
      return (isList(value) ? value : [value]).filter((item) => holds(selector.test, { ...reader, item }));
    case 'function':
      return [value];
  }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Several names give one object of those that are there at the end of a path, and one value after the other before it. */
function selectNames(names: readonly Name[], object: JsonObject, isLast: boolean): readonly Json[] {
  const present = names
    .map(({ name, unescaped }) => (Object.hasOwn(object, name) ? name : unescaped))
    .filter((name) => Object.hasOwn(object, name));
  if (names.length > 1 && isLast && present.length > 0) {
    return [Object.fromEntries(present.map((name) => [name, object[name] ?? null]))];
  }
  return present.map((name) => object[name] ?? null);
}

function slice(list: readonly Json[], { from, to, step }: Extract<Selector, { kind: 'slice' }>): readonly Json[] {
  const part = list.slice(from ?? 0, to ?? undefined);
  return step === 1 ? part : part.filter((_, index) => index % step === 0);
}

const childrenOf = (value: Json): readonly Json[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

/** The value and all below it, a parent before its children. Without recursion: data may be nested deeply. */
function descendants(value: Json, evaluation: Evaluation): readonly Json[] {
  const found: Json[] = [];
  const waiting: Json[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    charge(evaluation, 1);
    found.push(next);
    for (const child of [...childrenOf(next)].reverse()) waiting.push(child);
  }
  return found;
}

function holds(test: Test, reader: Reader): boolean {
  charge(reader.evaluation, 1);
  switch (test.kind) {
    case 'and':
      return test.tests.every((each) => holds(each, reader));
    case 'or':
      return test.tests.some((each) => holds(each, reader));
    case 'not':
      return !holds(test.test, reader);
    case 'exists':
      return exists(test.path, reader);
    case 'compare':
      return compare(test, operandOf(test.left, reader), operandOf(test.right, reader), reader.evaluation);
  }
}

function exists(path: Path, reader: Reader): boolean {
  const value = operandOf({ kind: 'path', path }, reader);
  const isList = !path.isDefinite && path.selectors.at(-1)?.kind !== 'function';
  return isList ? Array.isArray(value) && value.length > 0 : value !== undefined;
}

const operandOf = (operand: Operand, reader: Reader): Json | undefined => {
  if (operand.kind === 'literal') return operand.value;
  const { path } = operand;
  const found = matches(path, reader);
  const value = path.isDefinite ? found[0] : found;
  const last = path.selectors.at(-1);
  if (last?.kind !== 'function') return value;
  charge(reader.evaluation, itemsCost(childrenOf(value ?? null).length) * 4);
  return resultOf(last.name, value, reader.evaluation);
};

/** Numbers and texts have an order among themselves; what differs in type is unequal and unordered. */
function compare(
  { operator }: Extract<Test, { kind: 'compare' }>,
  left: Json | undefined,
  right: Json | undefined,
  evaluation: Evaluation,
): boolean {
  chargeComparison(operator, left, right, evaluation);
  const isAmong = () => {
    // One text for what is looked for: it may be large, and the items many.
    const wanted = canonicalText(left);
    return Array.isArray(right) && right.some((item) => canonicalText(item) === wanted);
  };
  if (operator === '==') return isSameJson(left, right);
  if (operator === '!=') return !isSameJson(left, right);
  if (operator === 'in') return left !== undefined && isAmong();
  if (operator === 'nin') return !isAmong();
  if (typeof left === 'number' && typeof right === 'number') return inOrder(operator, left, right);
  return typeof left === 'string' && typeof right === 'string' && inOrder(operator, left, right);
}

/** What is equal may have to be read to its end; in a list, each item. */
function chargeComparison(operator: string, left: Json | undefined, right: Json | undefined, evaluation: Evaluation) {
  const most = stepsLeft(evaluation);
  if (operator === '<' || operator === '>' || operator === '<=' || operator === '>=') {
    return charge(evaluation, typeof right === 'string' ? copyCost(right.length) : 0);
  }
  const items = (operator === 'in' || operator === 'nin') && Array.isArray(right) ? right.length : 1;
  charge(evaluation, Math.floor(items / 4) + 4 * (deepCost(left, most) + deepCost(right, most)));
}

function inOrder<T extends number | string>(operator: '<' | '<=' | '>' | '>=', left: T, right: T): boolean {
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function applyFunction(name: PathFunction, value: Json | undefined, { text }: Path, evaluation: Evaluation): Json {
  if (value === undefined) throw new PathProblem(`nothing is at ${text}`);
  charge(evaluation, itemsCost(childrenOf(value).length) * 4);
  const result = resultOf(name, value, evaluation);
  if (result !== undefined) return result;
  throw new PathProblem(`${name}() of ${text} was given ${preview(value, 100)}`);
}

/** Undefined for what the function cannot take. The length of a text is that of its characters, as everywhere. */
function resultOf(name: PathFunction, value: Json | undefined, evaluation: Evaluation): Json | undefined {
  if (name === 'keys') return isJsonObject(value) ? Object.keys(value) : undefined;
  if (typeof value === 'string') charge(evaluation, itemsCost(value.length));
  if (name === 'length') {
    if (typeof value === 'string') return [...value].length;
    return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
  }
  const numbers = Array.isArray(value) ? value.filter((item): item is number => typeof item === 'number') : [];
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, each) => total + each, 0);
  if (name === 'sum') return sum;
  if (name === 'avg') return sum / numbers.length;
  return numbers.reduce((best, each) => (name === 'min' ? Math.min(best, each) : Math.max(best, each)));
}
