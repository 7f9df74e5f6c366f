import { checkChoice } from './check-choice.js';
import type { CheckContext } from './check-context.js';
import { checkRecovery, checkResults, checkSeconds, checkText, checkWholeTemplate } from './check-fields.js';
import { checkMap } from './check-map.js';
import { checkDataPaths, checkReference, checkTextReference } from './check-paths.js';
import { errorAt, pointerTo, warningAt } from './finding.js';
import { isJsonObject, type JsonObject } from './json.js';
import { isQueryLanguage } from './machine.js';
import { languageOf } from './readable-machine.js';
import { FIELDS } from './state-fields.js';
import { parseTimestamp } from './timestamp.js';

export function checkState(json: unknown, pointer: string, around: CheckContext): void {
  const { report } = around;
  if (!isJsonObject(json)) {
    report(errorAt(pointer, 'schema', 'a state is an object'));
    return;
  }
  const language = json.QueryLanguage ?? around.language;
  if (!isQueryLanguage(language)) {
    report(errorAt(pointerTo(pointer, 'QueryLanguage'), 'schema', 'QueryLanguage is JSONata or JSONPath'));
    checkState({ ...json, QueryLanguage: languageOf(json) }, pointer, around);
    return;
  }
  if (language === 'JSONPath' && around.rootLanguage === 'JSONata') {
    const message = 'QueryLanguage cannot be JSONPath in a state where the whole definition is in JSONata';
    report(errorAt(pointer, 'schema', message));
    checkState(json, pointer, { ...around, rootLanguage: 'JSONPath' });
    return;
  }
  const fields = typeof json.Type === 'string' ? new Map(Object.entries(FIELDS[language])).get(json.Type) : undefined;
  if (fields === undefined) {
    report(errorAt(pointerTo(pointer, 'Type'), 'schema', `Type is one of ${Object.keys(FIELDS[language]).join(', ')}`));
  } else checkFields(json, fields, pointer, { ...around, language });
}

function checkFields(json: JsonObject, fields: readonly string[], pointer: string, context: CheckContext): void {
  const { report, language } = context;
  for (const key of Object.keys(json)) {
    if (fields.includes(key) || ['Type', 'Comment', 'QueryLanguage'].includes(key)) continue;
    const at = pointerTo(pointer, key);
    if (key === 'Credentials' && json.Type === 'Task') {
      report(warningAt(at, 'not-supported', 'Credentials are ignored: a worker has its own rights'));
      if (!isJsonObject(json.Credentials)) context.reportRule(errorAt(at, 'schema', 'Credentials is an object'));
      continue;
    }
    report(errorAt(at, 'schema', `a ${json.Type} state has no field ${key} in ${language} mode`));
  }
  if (fields.includes('Next')) checkContinuation(json, pointer, context);
  if (language === 'JSONPath') checkDataPaths(json, pointer, context);
  if (fields.includes('Output') || fields.includes('Assign')) checkResults(json, pointer, context);
  if (fields.includes('Retry')) checkRecovery(json, pointer, context);
  checkByType(json, pointer, context);
}

function checkByType(json: JsonObject, pointer: string, context: CheckContext): void {
  const field = (name: string) => pointerTo(pointer, name);
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
    case 'Map':
      checkWholeTemplate(json.ResultSelector, field('ResultSelector'), context);
      checkMap(json, pointer, context);
      return;
    case 'Pass':
      checkWholeTemplate(json.Parameters, field('Parameters'), context);
      return;
    case 'Fail':
      for (const name of ['Error', 'Cause']) {
        checkText(json[name], field(name), context);
        checkTextReference(json[`${name}Path`], field(`${name}Path`), context);
        checkOneOf(json, pointer, name, context);
      }
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

/** A field, or the path to its value beside it, but not both. */
function checkOneOf(json: JsonObject, pointer: string, name: string, { report }: CheckContext): void {
  if (json[name] !== undefined && json[`${name}Path`] !== undefined) {
    report(errorAt(pointerTo(pointer, `${name}Path`), 'schema', `a state has either ${name} or ${name}Path`));
  }
}

function checkTask(json: JsonObject, pointer: string, context: CheckContext): void {
  for (const name of ['Arguments', 'Parameters', 'ResultSelector']) {
    checkWholeTemplate(json[name], pointerTo(pointer, name), context);
  }
  for (const name of ['TimeoutSeconds', 'HeartbeatSeconds']) {
    checkSeconds(json[name], pointerTo(pointer, name), 1, context);
    checkReference(json[`${name}Path`], pointerTo(pointer, `${name}Path`), context);
    checkOneOf(json, pointer, name, context);
  }
  const at = pointerTo(pointer, 'Resource');
  if (typeof json.Resource !== 'string') {
    context.report(errorAt(at, 'schema', 'Resource is a URI; it is missing'));
    return;
  }
  const problem = context.checkResource(json.Resource);
  if (problem !== null) context.report(errorAt(at, 'unknown-resource', `${json.Resource}: ${problem}`));
}

function checkParallel(json: JsonObject, pointer: string, context: CheckContext): void {
  for (const name of ['Arguments', 'Parameters', 'ResultSelector']) {
    checkWholeTemplate(json[name], pointerTo(pointer, name), context);
  }
  const at = pointerTo(pointer, 'Branches');
  if (!Array.isArray(json.Branches) || json.Branches.length === 0) {
    context.report(errorAt(at, 'schema', 'Branches is an array with at least one state machine'));
    return;
  }
  for (const [index, branch] of json.Branches.entries())
    context.checkInnerMachine(branch, pointerTo(at, index), context);
}

const WAITS = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'];

function checkWait(json: JsonObject, pointer: string, context: CheckContext): void {
  if (WAITS.filter((name) => json[name] !== undefined).length !== 1) {
    const names =
      context.language === 'JSONata'
        ? 'Seconds or Timestamp'
        : 'one of Seconds, SecondsPath, Timestamp and TimestampPath';
    context.report(errorAt(pointer, 'schema', `a Wait state has either ${names}`));
    return;
  }
  checkSeconds(json.Seconds, pointerTo(pointer, 'Seconds'), 0, context);
  checkReference(json.SecondsPath, pointerTo(pointer, 'SecondsPath'), context);
  checkReference(json.TimestampPath, pointerTo(pointer, 'TimestampPath'), context);
  const at = pointerTo(pointer, 'Timestamp');
  checkText(json.Timestamp, at, context);
  if (typeof json.Timestamp !== 'string' || parseTimestamp(json.Timestamp) !== null) return;
  if (context.language === 'JSONPath' || !json.Timestamp.startsWith('{%')) {
    context.report(errorAt(at, 'schema', 'Timestamp is an RFC 3339 time such as 2026-01-31T12:00:00Z'));
  }
}
