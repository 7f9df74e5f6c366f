import { isJsonObject, type Json, type JsonObject } from '../json.js';
import type { DataTest } from '../machine.js';
import { isSmall } from '../small-values.js';
import { MOST_TO_READ } from '../templates.js';
import { compileQuery } from './compile-query.js';
import type { PathScope } from './evaluate-query.js';
import type { Argument } from './intrinsic.js';
import { isReference, type Operand, type Path, type Selector, type Test } from './path.js';

/*
 * What the paths of a field go into. One of single names and indices leads to its place through anything; a list, a filter,
 * a function goes through what it is asked of.
 */

/** What is asked of paths: one of them, or a call of an intrinsic function; a payload template; a rule of a Choice. */
export type PathAsked =
  | { readonly kind: 'query'; readonly text: string }
  | { readonly kind: 'payload'; readonly template: Json }
  | { readonly kind: 'test'; readonly test: DataTest };

/** What paths read beyond their own way, and what is read at all. */
interface Reads {
  /** Paths of which all that they begin with is gone through, from where the first of them is no single step. */
  readonly walked: readonly Path[];
  readonly variables: ReadonlySet<string>;
  readonly readsContext: boolean;
}

const known = new WeakMap<object, Reads | null>();

/** Whether all that is gone through is small. */
export function seesLittleByPaths(asked: PathAsked, scope: PathScope): boolean {
  const reads = readsOf(asked);
  return reads?.walked.every((path) => isSmall(beginningOf(path, scope))) ?? false;
}

/** The part of a scope that can be seen: that of the input is always, since a failure quotes it. */
export function visiblePathScope(asked: PathAsked, scope: PathScope): PathScope {
  const reads = readsOf(asked);
  if (reads === null) return scope;
  const variables = Object.entries(scope.variables).filter(([name]) => reads.variables.has(name));
  return { ...scope, context: reads.readsContext ? scope.context : {}, variables: Object.fromEntries(variables) };
}

/** Null where the paths are too long to be read here. */
function readsOf(asked: PathAsked): Reads | null {
  if (asked.kind === 'query') return readsOfQuery(asked.text);
  const written: unknown = asked.kind === 'test' ? asked.test : asked.template;
  if (typeof written !== 'object' || written === null) return freshReads([]);
  const found = known.get(written);
  if (found !== undefined) return found;
  const reads = freshReads(asked.kind === 'test' ? pathsOfTest(asked.test) : pathsOfPayload(asked.template));
  known.set(written, reads);
  return reads;
}

/** By the text of a query: definitions repeat. */
const ofQueries = new Map<string, Reads | null>();
const CACHE_ENTRIES = 4_000;

function readsOfQuery(text: string): Reads | null {
  const found = ofQueries.get(text);
  if (found !== undefined) return found;
  const reads = freshReads([text]);
  if (ofQueries.size >= CACHE_ENTRIES) ofQueries.clear();
  ofQueries.set(text, reads);
  return reads;
}

function freshReads(texts: Iterable<string>): Reads | null {
  const walked: Path[] = [];
  const variables = new Set<string>();
  let readsContext = false;
  let characters = 0;
  for (const text of texts) {
    characters += text.length;
    if (characters > MOST_TO_READ) return null;
    const compiled = compileQuery(text);
    if (!compiled.ok) continue;
    for (const { path, isWalked } of pathsOfArgument(compiled.query, false)) {
      if (path.root.kind === 'variable') variables.add(path.root.name);
      if (path.root.kind === 'context') readsContext = true;
      if (isWalked && path.root.kind !== 'item') walked.push(path);
    }
  }
  return { walked, variables, readsContext };
}

interface Found {
  readonly path: Path;
  readonly isWalked: boolean;
}

/** Functions that hand on what they are given, or look at one place of it. */
const CARRYING = new Set(['States.Array', 'States.ArrayLength', 'States.ArrayGetItem']);

function* pathsOfArgument(argument: Argument, isWalked: boolean): Generator<Found> {
  if (argument.kind === 'literal') return;
  if (argument.kind === 'path') yield* pathsIn(argument.path, isWalked);
  else for (const each of argument.args) yield* pathsOfArgument(each, isWalked || !CARRYING.has(argument.name));
}

/** A path, and those of the filters in it. */
function* pathsIn(path: Path, isWalked: boolean): Generator<Found> {
  yield { path, isWalked: isWalked || !isReference(path) };
  for (const selector of path.selectors) if (selector.kind === 'filter') yield* pathsOfFilter(selector.test);
}

function* pathsOfFilter(test: Test): Generator<Found> {
  switch (test.kind) {
    case 'and':
    case 'or':
      for (const each of test.tests) yield* pathsOfFilter(each);
      return;
    case 'not':
      return yield* pathsOfFilter(test.test);
    case 'exists':
      return yield* pathsIn(test.path, false);
    case 'compare':
      for (const operand of [test.left, test.right] satisfies Operand[]) {
        if (operand.kind === 'path') yield* pathsIn(operand.path, true);
      }
  }
}

function* pathsOfPayload(template: Json): Generator<string> {
  if (typeof template !== 'object' || template === null) return;
  for (const [name, value] of Object.entries(template)) {
    if (name.endsWith('.$') && typeof value === 'string') yield value;
    else yield* pathsOfPayload(value);
  }
}

/** What a rule names: its variable, and what it is compared with by a path. */
function* pathsOfTest(test: object): Generator<string> {
  for (const [name, value] of Object.entries(test)) {
    if (typeof value === 'string' && (name === 'Variable' || name.endsWith('Path'))) yield value;
    else if (typeof value === 'object' && value !== null) yield* pathsOfTest(value);
  }
}

/** What a path comes to by single names and indices from its beginning. */
function beginningOf({ root, selectors }: Path, { input, context, variables }: PathScope): Json | undefined {
  let value: Json | undefined =
    root.kind === 'input' ? input : root.kind === 'context' ? context : ownMember(variables, nameOf(root));
  for (const selector of selectors) {
    const next = single(selector);
    if (next === null) return value;
    if (typeof next === 'number') value = Array.isArray(value) ? value.at(next) : undefined;
    else value = value !== undefined && isJsonObject(value) ? ownMember(value, next.name, next.unescaped) : undefined;
  }
  return value;
}

const nameOf = (root: Path['root']): string => (root.kind === 'variable' ? root.name : '');

function ownMember(object: JsonObject, ...names: readonly string[]): Json | undefined {
  const name = names.find((each) => Object.hasOwn(object, each));
  return name === undefined ? undefined : object[name];
}

function single(selector: Selector) {
  if (selector.kind === 'names' && selector.names.length === 1) return selector.names[0] ?? null;
  if (selector.kind === 'indices' && selector.indices.length === 1) return selector.indices[0] ?? null;
  return null;
}
