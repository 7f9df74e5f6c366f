import { charge, type Evaluation, needsStopper, stepsLeft } from './guard.js';
import { copyCost, deepCost, itemsCost, listCost, nestedCost } from './weigh.js';

/*
 * What the nodes of a syntax tree of JSONata cost beyond the step that each of them counts. An operator is charged when
 * its operand is there: by then nothing of the operator's own work is done.
 */

/** The part of a node that says what it costs. */
export interface Node {
  readonly type?: unknown;
  readonly value?: unknown;
  readonly lhs?: unknown;
  readonly rhs?: unknown;
  readonly group?: unknown;
  readonly condition?: unknown;
  readonly expressions?: unknown;
  readonly expr?: unknown;
  readonly procedure?: unknown;
  readonly arguments?: unknown;
}

/** What a node costs beyond the step of its own, and beyond the steps of the nodes in it. */
export function costOfNode({ type, value }: Node, input: unknown, evaluation: Evaluation): number {
  switch (type) {
    case 'regex':
      needsStopper(evaluation);
      return 0;
    case 'descendant':
      return deepCost(input, stepsLeft(evaluation));
    case 'wildcard':
      return wildcardCost(input, stepsLeft(evaluation));
    case 'name':
      return Array.isArray(input) ? nestedCost(input, stepsLeft(evaluation)) : 0;
    case 'unary':
      // Of a list an object is made as of a group: each item is appended to a copy of those before it.
      return value === '{' && Array.isArray(input) ? itemsCost((input.length * input.length) / 2) : 0;
    default:
      return 0;
  }
}

/** Each member that is an array is appended to a copy of all before it. */
function wildcardCost(input: unknown, most: number): number {
  if (typeof input !== 'object' || input === null) return 0;
  const members: readonly unknown[] = Object.values(input);
  const lists = members.filter((member) => Array.isArray(member));
  const cost = listCost(lists, most);
  return cost + itemsCost(members.length) + Math.floor((lists.length * (cost + lists.length / 64)) / 2);
}

/** What an operator does with an operand as a whole, once it is there. */
type Operand = 'walked' | 'range-end' | 'sought' | 'key' | 'group-key' | 'tested' | 'element';

/** By the node that gives the operand. Syntax trees are kept as long as their expressions. */
const operands = new WeakMap<object, Operand>();

/** How many elements stand in a list that is written out, by each of them. */
const siblings = new WeakMap<object, number>();

const COMPARISONS = new Set(['=', '!=', '<', '<=', '>', '>=']);

export function markOperands(root: unknown): void {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    markOperandsOf(node);
    waiting.push(...Object.values(node));
  }
}

function markOperandsOf(node: Node): void {
  const { type, value, lhs, rhs, group, condition, expressions, expr } = node;
  if (type === 'binary') markBinary(value, lhs, rhs);
  if (type === 'condition') mark(condition, 'tested');
  if (type === 'filter') markTested(expr);
  if (type === 'function') markFilter(node);
  if (type === 'unary' && value === '[' && Array.isArray(expressions)) markElements(expressions);
  // An object, and a group, which is met before the pairs of key and value that it has.
  for (const key of keysOf(lhs)) if (!isMarked(key)) mark(key, 'key');
  if (typeof group === 'object' && group !== null && 'lhs' in group) {
    for (const key of keysOf(group.lhs)) mark(key, 'group-key');
  }
}

function markBinary(operator: unknown, lhs: unknown, rhs: unknown): void {
  // Of two objects that are compared the names are listed and put in order first, whatever the other one is.
  const isComparison = typeof operator === 'string' && COMPARISONS.has(operator);
  if (operator === 'and' || operator === 'or') for (const operand of [lhs, rhs]) mark(operand, 'tested');
  if (isComparison || operator === '&') for (const operand of [lhs, rhs]) mark(operand, 'walked');
  if (operator === '..') for (const operand of [lhs, rhs]) mark(operand, 'range-end');
  if (operator === 'in') mark(lhs, 'sought');
}

const FILTERS: ReadonlySet<unknown> = new Set(['filter', 'single', 'sift']);

function markFilter({ procedure, arguments: args }: Node): void {
  if (!isTree(procedure) || !FILTERS.has(procedure.value) || !Array.isArray(args)) return;
  for (const argument of args) if (isTree(argument) && argument.type === 'lambda') markTested(argument.body);
}

/** What a function or a filter ends with, whichever way it goes. */
function markTested(node: unknown): void {
  if (!isTree(node)) return;
  if (node.type === 'lambda' && node.thunk === true) markTested(node.body);
  else if (node.type === 'condition') for (const branch of [node.then, node.else]) markTested(branch);
  else if (node.type === 'block' && Array.isArray(node.expressions)) markTested(node.expressions.at(-1));
  else mark(node, 'tested');
}

interface Tree extends Node {
  readonly [key: string]: unknown;
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

function markElements(elements: readonly unknown[]): void {
  for (const element of elements) {
    mark(element, 'element');
    if (typeof element === 'object' && element !== null) siblings.set(element, elements.length);
  }
}

function mark(operand: unknown, as: Operand): void {
  if (typeof operand === 'object' && operand !== null) operands.set(operand, as);
}

const isMarked = (node: unknown): boolean => typeof node === 'object' && node !== null && operands.has(node);

const keysOf = (pairs: unknown): readonly unknown[] =>
  Array.isArray(pairs) ? pairs.map((pair) => (Array.isArray(pair) ? pair[0] : null)) : [];

/** Each item is appended to a copy of those in its group. */
const STEPS_OF_GROUPED = 4;

/** More items than this in a range, or a longer text to be sought in a list, are no small thing. */
const SMALL_RANGE = 50_000;
const SMALL_SOUGHT = 1_000;

/** Counts what will be done with the value of a node by the operator around it. */
export function chargeOperand(node: object, value: unknown, evaluation: Evaluation): void {
  switch (operands.get(node)) {
    case 'walked':
      charge(evaluation, deepCost(value, stepsLeft(evaluation)));
      return;
    case 'range-end':
      if (typeof value === 'number' && Math.abs(value) > SMALL_RANGE) needsStopper(evaluation);
      return;
    case 'sought':
      if (typeof value === 'string' && value.length > SMALL_SOUGHT) needsStopper(evaluation);
      return;
    case 'group-key':
      charge(evaluation, STEPS_OF_GROUPED + (typeof value === 'string' ? copyCost(value.length) : 0));
      return;
    case 'tested':
      charge(evaluation, nestedCost(value, stepsLeft(evaluation), true));
      return;
    case 'element':
      charge(evaluation, appendedCost(value, siblings.get(node) ?? 0));
      return;
    case 'key':
      if (typeof value === 'string') charge(evaluation, copyCost(value.length));
      return;
    case undefined:
      return;
  }
}

/** Each element of a list that is written out is appended to a copy of those before it; of all, half of them on average. */
const APPENDED_A_STEP = 8_192;

const appendedCost = (value: unknown, elements: number): number =>
  Math.floor(((Array.isArray(value) ? value.length : 1) * elements) / APPENDED_A_STEP);
