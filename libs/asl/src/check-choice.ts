import type { CheckContext } from './check-context.js';
import { checkExpression, checkResults } from './check-fields.js';
import { checkReference } from './check-paths.js';
import { errorAt, pointerTo } from './finding.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { isOperator, TYPE_TESTS } from './jsonpath/choice-rule.js';
import { parseTimestamp } from './timestamp.js';

export function checkChoice(json: JsonObject, pointer: string, context: CheckContext): void {
  const { report } = context;
  const at = pointerTo(pointer, 'Choices');
  if (json.Default !== undefined && typeof json.Default !== 'string') {
    report(errorAt(pointerTo(pointer, 'Default'), 'schema', 'Default is the name of a state'));
  }
  if (!Array.isArray(json.Choices) || json.Choices.length === 0) {
    report(errorAt(at, 'schema', 'Choices is an array with at least one rule'));
    return;
  }
  for (const [index, rule] of json.Choices.entries()) {
    const here = pointerTo(at, index);
    if (!isJsonObject(rule)) report(errorAt(here, 'schema', 'a rule is an object'));
    else checkRule(rule, here, context);
  }
}

function checkRule(rule: JsonObject, pointer: string, context: CheckContext): void {
  const { report, language } = context;
  if (typeof rule.Next !== 'string') {
    report(errorAt(pointer, 'schema', 'Next names the state that follows; it is missing'));
  }
  if (language === 'JSONPath') {
    checkTest(rule, pointer, ['Next', 'Assign'], context, 1);
  } else {
    for (const key of Object.keys(rule)) {
      if (!['Condition', 'Next', 'Output', 'Assign', 'Comment'].includes(key)) {
        report(errorAt(pointerTo(pointer, key), 'schema', `a rule has no field ${key} in JSONata mode`));
      }
    }
    if (typeof rule.Condition !== 'boolean') checkExpression(rule.Condition, pointerTo(pointer, 'Condition'), context);
  }
  checkResults(rule, pointer, context);
}

/** Deeper rules are refused: whoever reads or runs them calls himself. */
const MAX_DEPTH = 50;

function checkTest(
  test: JsonObject,
  pointer: string,
  around: readonly string[],
  context: CheckContext,
  depth: number,
): void {
  const { report } = context;
  if (depth > MAX_DEPTH) {
    report(errorAt(pointer, 'schema', `rules are nested at most ${MAX_DEPTH} deep`));
    return;
  }
  const own = Object.keys(test).filter((key) => !['Comment', 'Variable', ...around].includes(key));
  const [kind] = own;
  if (kind === undefined || own.length > 1) {
    const message = `a rule has one comparison, or one of And, Or and Not; this one has ${own.join(', ') || 'none'}`;
    report(errorAt(pointer, 'schema', message));
    return;
  }
  const at = pointerTo(pointer, kind);
  const value = test[kind];
  if (kind === 'Not') checkInner(value, at, context, depth);
  else if (kind === 'And' || kind === 'Or') {
    if (!Array.isArray(value) || value.length === 0) {
      report(errorAt(at, 'schema', `${kind} is an array with at least one rule`));
    } else for (const [index, inner] of value.entries()) checkInner(inner, pointerTo(at, index), context, depth);
  } else if (!isOperator(kind)) report(errorAt(at, 'schema', `there is no comparison ${kind} in JSONPath mode`));
  else checkComparison(test, kind, pointer, context);
}

function checkInner(value: Json | undefined, pointer: string, context: CheckContext, depth: number): void {
  if (isJsonObject(value)) checkTest(value, pointer, [], context, depth + 1);
  else context.report(errorAt(pointer, 'schema', 'a rule is an object'));
}

function checkComparison(test: JsonObject, kind: string, pointer: string, context: CheckContext): void {
  const { report } = context;
  if (test.Variable === undefined) report(errorAt(pointer, 'schema', 'Variable is a path; it is missing'));
  checkReference(test.Variable, pointerTo(pointer, 'Variable'), context);
  const at = pointerTo(pointer, kind);
  const value = test[kind];
  if (kind.endsWith('Path')) checkReference(value, at, context);
  else {
    const expected = operandOf(kind);
    if (!expected.fits(value)) report(errorAt(at, 'schema', `${kind} is ${expected.named}`));
  }
}

function operandOf(kind: string): { readonly named: string; readonly fits: (value: Json | undefined) => boolean } {
  if (kind === 'IsPresent' || Object.hasOwn(TYPE_TESTS, kind) || kind.startsWith('Boolean')) {
    return { named: 'true or false', fits: (value) => typeof value === 'boolean' };
  }
  if (kind.startsWith('Numeric')) return { named: 'a number', fits: (value) => typeof value === 'number' };
  if (kind.startsWith('String')) return { named: 'a text', fits: (value) => typeof value === 'string' };
  return {
    named: 'an RFC 3339 time such as 2026-01-31T12:00:00Z',
    fits: (value) => typeof value === 'string' && parseTimestamp(value) !== null,
  };
}
