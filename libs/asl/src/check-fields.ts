import type { CheckContext } from './check-context.js';
import { checkPayload, checkPayloadObject, checkResultPath } from './check-paths.js';
import { compileExpression, expressionBody, isExpression } from './expression.js';
import { errorAt, type Finding, pointerTo, warningAt } from './finding.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { isLong } from './templates.js';

/** Checks that every expression in a template parses, or every path, in the language of the context. */
export function checkTemplate(template: Json | undefined, pointer: string, context: CheckContext): void {
  if (context.language === 'JSONPath') {
    checkPayload(template, pointer, context);
    return;
  }
  checkExpressions(template, pointer, context);
}

type Reporting = Pick<CheckContext, 'report' | 'reportRule'>;

function checkExpressions(template: Json | undefined, pointer: string, reporting: Reporting): void {
  if (typeof template === 'string') {
    checkString(template, pointer, reporting);
    return;
  }
  if (typeof template !== 'object' || template === null) return;
  for (const [key, item] of Object.entries(template)) checkExpressions(item, pointerTo(pointer, key), reporting);
}

/**
 * The first expression of a template that cannot be read; null where there is none, and where there is more to read than is read
 * without somebody who stops that: then it is seen when it is evaluated.
 */
export function unreadableExpression(template: Json, pointer: string): Finding | null {
  if (isLong(template)) return null;
  const findings: Finding[] = [];
  checkExpressions(template, pointer, {
    report: (finding) => findings.push(finding),
    reportRule: () => {},
  });
  return findings.find(({ severity }) => severity === 'error') ?? null;
}

/** The same for a field that holds a template and nothing else: in JSONPath it is an object. */
export function checkWholeTemplate(template: Json | undefined, pointer: string, context: CheckContext): void {
  if (context.language === 'JSONPath') checkPayloadObject(template, pointer, context);
  else checkTemplate(template, pointer, context);
}

function checkString(text: string, pointer: string, { report, reportRule }: Reporting): void {
  if (isExpression(text)) {
    const compiled = compileExpression(expressionBody(text));
    if (!compiled.ok) report(errorAt(pointer, 'bad-expression', compiled.problem));
  } else if (text.startsWith('{%') || text.endsWith('%}')) {
    const message = 'an expression begins with {% and ends with %}, with nothing before and after, not even a blank';
    reportRule(errorAt(pointer, 'bad-expression', message));
  } else if (/^\s+\{%|%\}\s+$/.test(text)) {
    // Recorded: the service takes a text with blanks around both literally.
    const message = 'a text with blanks around {% and %} is no expression: it is taken literally';
    report(warningAt(pointer, 'bad-expression', message));
  }
}

/** A string that must be an expression. */
export function checkExpression(value: Json | undefined, pointer: string, context: CheckContext): void {
  if (typeof value !== 'string' || !isExpression(value)) {
    context.report(errorAt(pointer, 'schema', 'expected an expression {% … %}'));
    return;
  }
  checkString(value, pointer, context);
}

/** An optional string, literal or expression. */
export function checkText(value: Json | undefined, pointer: string, context: CheckContext): void {
  if (value === undefined) return;
  if (typeof value !== 'string') {
    context.report(errorAt(pointer, 'schema', 'expected a string'));
    return;
  }
  if (context.language === 'JSONata') checkString(value, pointer, context);
}

/** An optional whole number of seconds, literal or expression. */
export function checkSeconds(value: Json | undefined, pointer: string, least: number, context: CheckContext): void {
  if (value === undefined) return;
  if (typeof value === 'string' && context.language === 'JSONata') {
    checkExpression(value, pointer, context);
    return;
  }
  const orElse = context.language === 'JSONata' ? ', or an expression' : '';
  checkNumber(value, pointer, `a whole number of seconds from ${least}${orElse}`, wholeFrom(least), context);
}

const wholeFrom =
  (least: number) =>
  (value: number): boolean =>
    Number.isInteger(value) && value >= least && value <= 99_999_999;

export function checkNumber(
  value: Json | undefined,
  pointer: string,
  expected: string,
  fits: (value: number) => boolean,
  { report }: CheckContext,
): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !fits(value)) report(errorAt(pointer, 'schema', `expected ${expected}`));
}

export function checkResults(json: JsonObject, pointer: string, context: CheckContext): void {
  if (context.language === 'JSONata') checkTemplate(json.Output, pointerTo(pointer, 'Output'), context);
  if (json.Assign === undefined) return;
  const at = pointerTo(pointer, 'Assign');
  if (!isJsonObject(json.Assign)) {
    context.report(errorAt(at, 'schema', 'Assign is an object'));
    return;
  }
  for (const key of Object.keys(json.Assign)) {
    const name = context.language === 'JSONPath' ? key.replace(/\.\$$/, '') : key;
    if (name === 'states' || !/^[\p{ID_Start}_]\p{ID_Continue}{0,79}$/u.test(name)) {
      const message =
        'a variable is named by letters, digits and underscores, at most 80, the first no digit, and is not "states"';
      context.report(errorAt(pointerTo(at, key), 'schema', message));
    }
  }
  checkTemplate(json.Assign, at, context);
}

const RETRIER_FIELDS = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
];

/** Checks Retry and Catch of a state. */
export function checkRecovery(json: JsonObject, pointer: string, context: CheckContext): void {
  checkRules(json.Retry, pointerTo(pointer, 'Retry'), RETRIER_FIELDS, context, (retrier, at) => {
    const field = (name: string) => pointerTo(at, name);
    checkNumber(retrier.IntervalSeconds, field('IntervalSeconds'), 'a whole number from 1', wholeFrom(1), context);
    checkNumber(retrier.MaxAttempts, field('MaxAttempts'), 'a whole number from 0', wholeFrom(0), context);
    checkNumber(retrier.BackoffRate, field('BackoffRate'), 'a number from 1', (rate) => rate >= 1, context);
    checkNumber(retrier.MaxDelaySeconds, field('MaxDelaySeconds'), 'a whole number from 1', wholeFrom(1), context);
    if (
      retrier.JitterStrategy !== undefined &&
      retrier.JitterStrategy !== 'FULL' &&
      retrier.JitterStrategy !== 'NONE'
    ) {
      context.report(errorAt(field('JitterStrategy'), 'schema', 'JitterStrategy is FULL or NONE'));
    }
  });
  const places = context.language === 'JSONata' ? 'Output' : 'ResultPath';
  const catcherFields = ['ErrorEquals', 'Next', places, 'Assign', 'Comment'];
  checkRules(json.Catch, pointerTo(pointer, 'Catch'), catcherFields, context, (catcher, at) => {
    if (typeof catcher.Next !== 'string') {
      context.report(errorAt(at, 'schema', 'Next names the state that follows; it is missing'));
    }
    checkResultPath(catcher.ResultPath, pointerTo(at, 'ResultPath'), context);
    checkResults(catcher, at, context);
  });
}

function checkRules(
  rules: Json | undefined,
  pointer: string,
  fields: readonly string[],
  context: CheckContext,
  check: (rule: JsonObject, pointer: string) => void,
): void {
  if (rules === undefined) return;
  if (!Array.isArray(rules)) {
    context.report(errorAt(pointer, 'schema', 'expected an array'));
    return;
  }
  for (const [index, rule] of rules.entries()) {
    const at = pointerTo(pointer, index);
    if (!isJsonObject(rule)) {
      context.report(errorAt(at, 'schema', 'expected an object'));
      continue;
    }
    for (const key of Object.keys(rule)) {
      if (!fields.includes(key)) context.report(errorAt(pointerTo(at, key), 'schema', `there is no field ${key} here`));
    }
    checkErrorEquals(rule.ErrorEquals, pointerTo(at, 'ErrorEquals'), index === rules.length - 1, context);
    check(rule, at);
  }
}

function checkErrorEquals(value: Json | undefined, pointer: string, isLast: boolean, { report }: CheckContext): void {
  if (!Array.isArray(value) || value.length === 0 || value.some((name) => typeof name !== 'string')) {
    report(errorAt(pointer, 'schema', 'ErrorEquals is an array with at least one error name'));
    return;
  }
  if (value.includes('States.ALL') && (value.length > 1 || !isLast)) {
    report(errorAt(pointer, 'schema', 'States.ALL stands alone, and in the last rule'));
  }
}
