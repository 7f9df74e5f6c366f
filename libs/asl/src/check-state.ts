import type { CheckContext } from './check-context.js';
import { checkExpression, checkRecovery, checkSeconds, checkTemplate, checkText } from './check-fields.js';
import { errorAt, pointerTo } from './finding.js';
import { isJsonObject, type JsonObject } from './json.js';

const RESULTS = ['Output', 'Assign'];
const CONTINUES = ['Next', 'End'];
const RECOVERS = ['Retry', 'Catch'];

/** The fields of each type of state in JSONata mode, beyond Type, Comment and QueryLanguage. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: [...RESULTS, ...CONTINUES, ...RECOVERS, 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds'],
  Choice: [...RESULTS, 'Choices', 'Default'],
  Parallel: [...RESULTS, ...CONTINUES, ...RECOVERS, 'Branches', 'Arguments'],
  Pass: [...RESULTS, ...CONTINUES],
  Succeed: RESULTS,
  Fail: ['Error', 'Cause'],
  Wait: [...RESULTS, ...CONTINUES, 'Seconds', 'Timestamp'],
};

export function checkState(json: unknown, pointer: string, inherited: string, context: CheckContext): void {
  const { report } = context;
  if (!isJsonObject(json)) {
    report(errorAt(pointer, 'schema', 'a state is an object'));
    return;
  }
  const language = json.QueryLanguage ?? inherited;
  if (language === 'JSONPath') {
    const message = 'the query language JSONPath is not supported yet; set QueryLanguage to JSONata';
    report(errorAt(pointer, 'not-supported', message));
    return;
  }
  if (language !== 'JSONata') {
    report(errorAt(pointerTo(pointer, 'QueryLanguage'), 'schema', 'QueryLanguage is JSONata or JSONPath'));
    return;
  }
  if (json.Type === 'Map') {
    report(errorAt(pointer, 'not-supported', 'Map states are not supported yet'));
    return;
  }
  const fields = typeof json.Type === 'string' ? FIELDS[json.Type] : undefined;
  if (fields === undefined) {
    report(errorAt(pointerTo(pointer, 'Type'), 'schema', `Type is one of ${Object.keys(FIELDS).join(', ')}`));
    return;
  }
  for (const key of Object.keys(json)) {
    if (!fields.includes(key) && !['Type', 'Comment', 'QueryLanguage'].includes(key)) {
      report(errorAt(pointerTo(pointer, key), 'schema', `a ${json.Type} state has no field ${key} in JSONata mode`));
    }
  }
  if (fields.includes('Next')) checkContinuation(json, pointer, context);
  if (fields.includes('Output')) checkResults(json, pointer, context);
  if (fields.includes('Retry')) checkRecovery(json, pointer, context, checkResults);
  checkByType(json, pointer, context);
}

function checkByType(json: JsonObject, pointer: string, context: CheckContext): void {
  switch (json.Type) {
    case 'Task':
      checkTask(json, pointer, context);
      return;
    case 'Choice':
      checkChoice(json, pointer, context);
      return;
    case 'Parallel':
      checkParallel(json, pointer, context);
      return;
    case 'Fail':
      checkText(json.Error, pointerTo(pointer, 'Error'), context);
      checkText(json.Cause, pointerTo(pointer, 'Cause'), context);
      return;
    case 'Wait':
      checkWait(json, pointer, context);
      return;
  }
}

function checkContinuation(json: JsonObject, pointer: string, { report }: CheckContext): void {
  if (json.End !== undefined && typeof json.End !== 'boolean') {
    report(errorAt(pointerTo(pointer, 'End'), 'schema', 'End is true or false'));
  }
  if (json.Next !== undefined && typeof json.Next !== 'string') {
    report(errorAt(pointerTo(pointer, 'Next'), 'schema', 'Next is the name of a state'));
  }
  if ((json.Next !== undefined) === (json.End === true)) {
    report(errorAt(pointer, 'schema', 'a state has either Next or End: true'));
  }
}

export function checkResults(json: JsonObject, pointer: string, context: CheckContext): void {
  checkTemplate(json.Output, pointerTo(pointer, 'Output'), context);
  if (json.Assign === undefined) return;
  const at = pointerTo(pointer, 'Assign');
  if (!isJsonObject(json.Assign)) {
    context.report(errorAt(at, 'schema', 'Assign is an object'));
    return;
  }
  for (const name of Object.keys(json.Assign)) {
    if (name === 'states' || !/^[A-Za-z_][A-Za-z0-9_]{0,79}$/.test(name)) {
      const message = 'a variable is named by letters, digits and underscores, at most 80, and is not "states"';
      context.report(errorAt(pointerTo(at, name), 'schema', message));
    }
  }
  checkTemplate(json.Assign, at, context);
}

function checkTask(json: JsonObject, pointer: string, context: CheckContext): void {
  checkTemplate(json.Arguments, pointerTo(pointer, 'Arguments'), context);
  checkSeconds(json.TimeoutSeconds, pointerTo(pointer, 'TimeoutSeconds'), 1, context);
  checkSeconds(json.HeartbeatSeconds, pointerTo(pointer, 'HeartbeatSeconds'), 1, context);
  const at = pointerTo(pointer, 'Resource');
  if (typeof json.Resource !== 'string') {
    context.report(errorAt(at, 'schema', 'Resource is a URI; it is missing'));
    return;
  }
  const problem = context.checkResource(json.Resource);
  if (problem !== null) context.report(errorAt(at, 'unknown-resource', `${json.Resource}: ${problem}`));
}

function checkChoice(json: JsonObject, pointer: string, context: CheckContext): void {
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
  for (const key of Object.keys(rule)) {
    if (!['Condition', 'Next', 'Output', 'Assign', 'Comment'].includes(key)) {
      context.report(errorAt(pointerTo(pointer, key), 'schema', `a rule has no field ${key} in JSONata mode`));
    }
  }
  if (typeof rule.Next !== 'string') {
    context.report(errorAt(pointer, 'schema', 'Next names the state that follows; it is missing'));
  }
  if (typeof rule.Condition !== 'boolean') checkExpression(rule.Condition, pointerTo(pointer, 'Condition'), context);
  checkResults(rule, pointer, context);
}

function checkParallel(json: JsonObject, pointer: string, context: CheckContext): void {
  checkTemplate(json.Arguments, pointerTo(pointer, 'Arguments'), context);
  const at = pointerTo(pointer, 'Branches');
  if (!Array.isArray(json.Branches) || json.Branches.length === 0) {
    context.report(errorAt(at, 'schema', 'Branches is an array with at least one state machine'));
    return;
  }
  // A branch without a query language of its own has that of the definition, not that of the Parallel state; as only
  // JSONata runs, the state's own is JSONata either way.
  for (const [index, branch] of json.Branches.entries())
    context.checkInnerMachine(branch, pointerTo(at, index), 'JSONata');
}

function checkWait(json: JsonObject, pointer: string, context: CheckContext): void {
  if ((json.Seconds === undefined) === (json.Timestamp === undefined)) {
    context.report(errorAt(pointer, 'schema', 'a Wait state has either Seconds or Timestamp'));
    return;
  }
  checkSeconds(json.Seconds, pointerTo(pointer, 'Seconds'), 0, context);
  const at = pointerTo(pointer, 'Timestamp');
  checkText(json.Timestamp, at, context);
  if (
    typeof json.Timestamp === 'string' &&
    !json.Timestamp.startsWith('{%') &&
    parseTimestamp(json.Timestamp) === null
  ) {
    context.report(errorAt(at, 'schema', 'Timestamp is an RFC 3339 time such as 2026-01-31T12:00:00Z'));
  }
}

/** Milliseconds since the epoch of an RFC 3339 time with a capital T and an offset, or null. */
export function parseTimestamp(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? null : millis;
}
