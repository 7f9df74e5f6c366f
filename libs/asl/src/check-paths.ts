import type { CheckContext } from './check-context.js';
import { isExpression } from './expression.js';
import { errorAt, pointerTo, warningAt } from './finding.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { compilePath, compileQuery } from './jsonpath/compile-query.js';
import { isReference } from './jsonpath/path.js';
import { referenceSteps } from './jsonpath/result-path.js';

/** An optional path, without intrinsic functions. */
function checkPath(value: Json | undefined, pointer: string, context: CheckContext): void {
  if (value === undefined || !checkQuery(value, pointer, context)) return;
  if (typeof value === 'string' && compilePath(value) === null) {
    context.report(errorAt(pointer, 'bad-path', 'expected a path such as $.name; a function may not stand here'));
  }
}

/** A path to one value, named by names and single indices alone: what the language calls a Reference Path. */
export function checkReference(value: Json | undefined, pointer: string, context: CheckContext): void {
  checkPath(value, pointer, context);
  checkNamesOne(value, pointer, context);
}

function checkNamesOne(value: Json | undefined, pointer: string, { reportRule }: CheckContext): void {
  const path = typeof value === 'string' ? compilePath(value) : null;
  if (path === null || isReference(path)) return;
  const message = 'expected a path to one place, such as $.list[0].name: no *, .., [a:b], [1,2], filter or function';
  reportRule(errorAt(pointer, 'bad-path', message));
}

/** The intrinsic functions that may give a text. */
const GIVE_TEXT = [
  ...['States.Format', 'States.JsonToString', 'States.ArrayGetItem', 'States.Base64Encode', 'States.Base64Decode'],
  ...['States.Hash', 'States.UUID'],
];

/** A path to a text, or a call of an intrinsic function that gives one. */
export function checkTextReference(value: Json | undefined, pointer: string, context: CheckContext): void {
  if (!checkQuery(value, pointer, context)) return;
  checkNamesOne(value, pointer, context);
  const compiled = typeof value === 'string' ? compileQuery(value) : null;
  if (!compiled?.ok || compiled.query.kind !== 'call' || GIVE_TEXT.includes(compiled.query.name)) return;
  const message = `${compiled.query.name} gives no text, which is asked for here; ${GIVE_TEXT.join(', ')} do`;
  context.reportRule(errorAt(pointer, 'bad-path', message));
}

/** A path, or a call of an intrinsic function. */
function checkQuery(value: Json | undefined, pointer: string, { report }: CheckContext): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'string') {
    report(errorAt(pointer, 'schema', 'expected a path such as $.name, as a text'));
    return false;
  }
  const compiled = compileQuery(value);
  if (!compiled.ok) report(errorAt(pointer, 'bad-path', compiled.problem));
  return compiled.ok;
}

/** InputPath, OutputPath and ResultPath, which may be null; the last is a place that can be written to. */
export function checkDataPaths(json: JsonObject, pointer: string, context: CheckContext): void {
  for (const field of ['InputPath', 'OutputPath']) {
    if (json[field] !== null) checkPath(json[field], pointerTo(pointer, field), context);
  }
  checkResultPath(json.ResultPath, pointerTo(pointer, 'ResultPath'), context);
}

export function checkResultPath(value: Json | undefined, pointer: string, context: CheckContext): void {
  if (value === undefined || value === null || !checkQuery(value, pointer, context)) return;
  const path = typeof value === 'string' ? compilePath(value) : null;
  if (path === null || path.root.kind !== 'input' || referenceSteps(path) === null) {
    const message = 'ResultPath names one place in the data of the state, such as $.result or $.list[0].name';
    context.report(errorAt(pointer, 'bad-path', message));
  }
}

/** A template of JSONPath that is the whole of a field: an object, as the language has it. */
export function checkPayloadObject(template: Json | undefined, pointer: string, context: CheckContext): void {
  if (template !== undefined && !isJsonObject(template)) {
    context.reportRule(errorAt(pointer, 'schema', 'expected an object, whose members may end in .$ to be paths'));
  }
  checkPayload(template, pointer, context);
}

/** Checks that every member of a payload template that ends in `.$` holds a path or a call. */
export function checkPayload(template: Json | undefined, pointer: string, context: CheckContext): void {
  if (Array.isArray(template)) {
    for (const [index, item] of template.entries()) checkPayload(item, pointerTo(pointer, index), context);
  }
  if (typeof template === 'string' && isExpression(template)) {
    const message =
      'the query language here is JSONPath, so this expression is a plain text; set QueryLanguage to JSONata';
    context.report(warningAt(pointer, 'bad-expression', message));
  }
  if (!isJsonObject(template)) return;
  for (const [name, value] of Object.entries(template)) {
    if (name.endsWith('.$') && Object.hasOwn(template, name.slice(0, -2))) {
      const message = `${name.slice(0, -2)} and ${name} are one member; only one of them can give its value`;
      context.reportRule(errorAt(pointerTo(pointer, name), 'schema', message));
    }
    if (name.endsWith('.$')) checkQuery(value, pointerTo(pointer, name), context);
    else checkPayload(value, pointerTo(pointer, name), context);
  }
}
