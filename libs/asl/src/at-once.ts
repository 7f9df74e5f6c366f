import type { Json } from './json.js';

/*
 * Most expressions of a definition only carry a value from one place to another, count, or compare a number: `$review`,
 * `$states.result.text`, `$round + 1`, `$score >= 9`. JSONata makes some ten promises for each. What is answered here is
 * the same, at the same cost in steps; whatever is not as plain as it looks (a list on the way, a missing member, a text
 * where a number is meant) has no answer here, and JSONata is asked.
 */

/** What an expression sees, by name. */
type Values = (name: string) => unknown;

export interface AtOnce {
  /** The nodes of its syntax tree, each of which is a step. */
  readonly steps: number;
  /** Undefined where JSONata has to be asked. */
  readonly value: (values: Values) => Json | undefined;
}

type Node = { readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** How an expression is answered at once, by its syntax tree; null where it never is. */
export function atOnceOf(node: unknown): AtOnce | null {
  if (!isNode(node)) return null;
  const { type, value, steps, lhs, rhs } = node;
  switch (type) {
    case 'number':
      return hasOnly(node, LITERAL) && typeof value === 'number' ? { steps: 1, value: () => value } : null;
    case 'variable':
      return hasOnly(node, LITERAL) && isName(value)
        ? { steps: 1, value: (values) => scalarOrRecord(values(value)) }
        : null;
    case 'path':
      return hasOnly(node, PATH) && Array.isArray(steps) ? pathOf(steps) : null;
    case 'binary':
      return hasOnly(node, BINARY) && typeof value === 'string' ? operationOf(value, lhs, rhs) : null;
    default:
      return null;
  }
}

/** All that such a node has in its plainest form: filters, groups and bindings are further members. */
const LITERAL: ReadonlySet<string> = new Set(['type', 'value', 'position']);
const PATH: ReadonlySet<string> = new Set(['type', 'steps']);
const BINARY: ReadonlySet<string> = new Set(['type', 'value', 'position', 'lhs', 'rhs']);

const hasOnly = (node: object, members: ReadonlySet<string>): boolean =>
  Object.entries(node).every(([name, value]) => value === undefined || members.has(name));

/** `$` and `$$` are no names. */
const isName = (value: unknown): value is string => typeof value === 'string' && value !== '' && value !== '$';

function pathOf(nodes: readonly unknown[]): AtOnce | null {
  const [variable, ...rest] = nodes.map((node) => {
    if (!isNode(node) || !hasOnly(node, LITERAL)) return null;
    const { type, value } = node;
    return isName(value) ? { type, name: value } : null;
  });
  if (variable?.type !== 'variable' || !rest.every((step) => step?.type === 'name')) return null;
  const names = rest.flatMap((step) => (step === null ? [] : [step.name]));
  const value = (values: Values): Json | undefined => {
    let at: unknown = values(variable.name);
    for (const name of names) {
      if (!isRecord(at) || !Object.hasOwn(at, name)) return undefined;
      at = at[name];
    }
    return scalarOrRecord(at);
  };
  return { steps: 2 + names.length, value };
}

const OPERATIONS: { readonly [operator: string]: (a: number, b: number) => number | boolean } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Of numbers only. */
function operationOf(operator: string, lhs: unknown, rhs: unknown): AtOnce | null {
  const [left, right] = [atOnceOf(lhs), atOnceOf(rhs)];
  const operation = Object.hasOwn(OPERATIONS, operator) ? OPERATIONS[operator] : undefined;
  if (left === null || right === null || operation === undefined) return null;
  const value = (values: Values): Json | undefined => {
    const [a, b] = [left.value(values), right.value(values)];
    if (typeof a !== 'number' || typeof b !== 'number') return undefined;
    const result = operation(a, b);
    return typeof result === 'boolean' || Number.isFinite(result) ? result : undefined;
  };
  return { steps: 1 + left.steps + right.steps, value };
}

const isRecord = (value: unknown): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists are sequences to JSONata, and null and nothing have rules of their own. */
function scalarOrRecord(value: unknown): Json | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  return isRecord(value) ? value : undefined;
}
