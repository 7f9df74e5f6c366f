import { type ChoiceRule, type DataTest, expressionBody } from '@baton/asl';

/** The condition of a Choice's rule as one line: the expression, or in JSONPath mode the test about the data. */
export function describeRule(rule: ChoiceRule): string {
  const { Condition } = rule;
  if (typeof Condition === 'boolean') return String(Condition);
  const text = Condition === undefined ? describeTest(rule) : expressionBody(Condition);
  return text.replace(/\s+/g, ' ').trim();
}

function describeTest(test: DataTest): string {
  if (test.And !== undefined) return joined(test.And, ' and ');
  if (test.Or !== undefined) return joined(test.Or, ' or ');
  if (test.Not !== undefined) return `not ${inBrackets(test.Not)}`;
  const [name = '', operand] = Object.entries(test).find(([field]) => !NOT_OPERATORS.has(field)) ?? [];
  return `${test.Variable ?? ''} ${describeOperator(name, operand)}`;
}

const joined = (tests: readonly DataTest[], word: string): string => tests.map(inBrackets).join(word);

const inBrackets = (test: DataTest): string =>
  test.And === undefined && test.Or === undefined ? describeTest(test) : `(${describeTest(test)})`;

const NOT_OPERATORS: ReadonlySet<string> = new Set(['Comment', 'Variable', 'Next', 'Assign', 'Output']);

const SIGNS: Readonly<Record<string, string>> = {
  Equals: '=',
  LessThan: '<',
  LessThanEquals: '≤',
  GreaterThan: '>',
  GreaterThanEquals: '≥',
  Matches: 'matches',
};

function describeOperator(name: string, operand: unknown): string {
  const kind = /^Is(.+)$/.exec(name)?.[1];
  if (kind !== undefined) return `${operand === true ? 'is' : 'is not'} ${kind.toLowerCase()}`;
  const [, comparison = '', path] = /^(?:String|Numeric|Timestamp|Boolean)(\w+?)(Path)?$/.exec(name) ?? [];
  return `${SIGNS[comparison] ?? name} ${path === undefined ? JSON.stringify(operand) : String(operand)}`;
}
