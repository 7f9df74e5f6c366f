import { charge, type Evaluation } from '../guard.js';
import type { Json } from '../json.js';
import type { DataTest } from '../machine.js';
import { compareTimestamps, parseTimestamp } from '../timestamp.js';
import { copyCost } from '../weigh.js';
import { compilePath } from './compile-query.js';
import { FieldProblem, type PathEvaluation, runQuery } from './evaluate-query.js';
import { matchesOf, PathProblem } from './query.js';

/** Whether a rule of a Choice in JSONPath mode holds. */
export function holds(test: DataTest, evaluation: PathEvaluation): boolean {
  if (test.And !== undefined) return test.And.every((each) => holds(each, evaluation));
  if (test.Or !== undefined) return test.Or.some((each) => holds(each, evaluation));
  if (test.Not !== undefined) return !holds(test.Not, evaluation);
  const [name, operand] = operatorOf(test) ?? [];
  if (test.Variable === undefined || name === undefined || operand === undefined) {
    throw new FieldProblem('A rule has a Variable and one comparison.');
  }
  if (name === 'IsPresent') return isPresent(test.Variable, evaluation) === operand;
  const value = runQuery(test.Variable, 'Variable', evaluation);
  const kind = TYPE_TESTS[name];
  if (kind !== undefined) return kind(value) === operand;
  if (!name.endsWith('Path')) return compare(name, value, operand, evaluation.evaluation);
  if (typeof operand !== 'string') throw new FieldProblem(`The field '${name}' is a path.`);
  return compare(name.slice(0, -4), value, runQuery(operand, name, evaluation), evaluation.evaluation);
}

/** The comparison of a rule: its name, and what it compares with. */
function operatorOf(test: DataTest): readonly [name: string, operand: Json] | undefined {
  return Object.entries(test).find(([name]) => isOperator(name));
}

export const TYPE_TESTS: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsBoolean: (value) => typeof value === 'boolean',
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsTimestamp: (value) => typeof value === 'string' && parseTimestamp(value) !== null,
};

const RELATIONS = ['Equals', 'LessThan', 'GreaterThan', 'LessThanEquals', 'GreaterThanEquals'];

/** What a rule can compare with. */
export const OPERATORS: readonly string[] = [
  ...Object.keys(TYPE_TESTS),
  'IsPresent',
  ...['String', 'Numeric', 'Timestamp'].flatMap((type) =>
    RELATIONS.flatMap((relation) => [`${type}${relation}`, `${type}${relation}Path`]),
  ),
  ...['BooleanEquals', 'BooleanEqualsPath', 'StringMatches'],
];
const KNOWN: ReadonlySet<string> = new Set(OPERATORS);

export const isOperator = (name: string): boolean => KNOWN.has(name);

function isPresent(variable: string, { data, evaluation }: PathEvaluation): boolean {
  const path = compilePath(variable);
  if (path === null) throw new FieldProblem(`The field 'Variable' is a path, which ${variable} is not.`);
  try {
    return matchesOf(path, data, evaluation).length > 0;
  } catch (thrown) {
    // A variable that was never assigned is not present.
    if (thrown instanceof PathProblem) return false;
    throw thrown;
  }
}

/** Compares what is of the operator's type; all else is not equal, not less and not greater. */
function compare(name: string, value: Json, operand: Json, evaluation: Evaluation): boolean {
  if (typeof value === 'string' && typeof operand === 'string') {
    // A pattern may be looked for at every place of the text.
    const sought = name === 'StringMatches' ? Math.floor((value.length * operand.length) / 2_000) : 0;
    charge(evaluation, 4 * copyCost(value.length) + copyCost(operand.length) + sought);
  }
  if (name === 'BooleanEquals') return typeof value === 'boolean' && value === operand;
  if (name === 'StringMatches') {
    return typeof value === 'string' && typeof operand === 'string' && matchesPattern(value, operand);
  }
  const [, type, relation] = /^(String|Numeric|Timestamp)(.+)$/.exec(name) ?? [];
  if (type === 'Timestamp') {
    const order = typeof value === 'string' && typeof operand === 'string' ? compareTimestamps(value, operand) : null;
    return order !== null && inRelation(relation, order, 0);
  }
  if (type === 'Numeric') {
    return typeof value === 'number' && typeof operand === 'number' && inRelation(relation, value, operand);
  }
  return typeof value === 'string' && typeof operand === 'string' && inRelation(relation, value, operand);
}

function inRelation<T extends number | string>(relation: string | undefined, left: T, right: T): boolean {
  switch (relation) {
    case 'Equals':
      return left === right;
    case 'LessThan':
      return left < right;
    case 'LessThanEquals':
      return left <= right;
    case 'GreaterThan':
      return left > right;
    default:
      return left >= right;
  }
}

/** `*` stands for any text, `\*` for the star itself. Greedy from the left; linear but for the length of the pieces. */
export function matchesPattern(text: string, pattern: string): boolean {
  const pieces = [''];
  for (let i = 0; i < pattern.length; i += 1) {
    const escaped = pattern[i] === '\\' && (pattern[i + 1] === '*' || pattern[i + 1] === '\\');
    if (escaped) i += 1;
    if (pattern[i] === '*' && !escaped) pieces.push('');
    else pieces.push(`${pieces.pop() ?? ''}${pattern[i] ?? ''}`);
  }
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}
