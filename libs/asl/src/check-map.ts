import type { CheckContext } from './check-context.js';
import { checkExpression, checkNumber, checkTemplate, checkWholeTemplate } from './check-fields.js';
import { checkItemReader, checkResultWriter } from './check-item-reader.js';
import { checkReference } from './check-paths.js';
import { isExpression } from './expression.js';
import { errorAt, pointerTo } from './finding.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';

const isWhole = (value: number): boolean => Number.isInteger(value) && value >= 0;
const isPercentage = (value: number): boolean => value >= 0 && value <= 100;

export function checkMap(json: JsonObject, pointer: string, context: CheckContext): void {
  const { report } = context;
  const field = (name: string) => pointerTo(pointer, name);
  const processor = json.ItemProcessor ?? json.Iterator;
  const processorAt = field(
    json.ItemProcessor === undefined && json.Iterator !== undefined ? 'Iterator' : 'ItemProcessor',
  );
  if (processor === undefined)
    report(errorAt(pointer, 'schema', 'ItemProcessor is the state machine of each item; it is missing'));
  else context.checkInnerMachine(processor, processorAt, context);
  if (json.ItemProcessor !== undefined && json.Iterator !== undefined) {
    report(errorAt(field('Iterator'), 'schema', 'Iterator is the older name of ItemProcessor; one of them is enough'));
  }
  checkItems(json.Items, field('Items'), context);
  checkReference(json.ItemsPath, field('ItemsPath'), context);
  if (json.ItemSelector !== undefined && json.Parameters !== undefined) {
    report(
      errorAt(field('Parameters'), 'schema', 'Parameters is the older name of ItemSelector; one of them is enough'),
    );
  }
  checkWholeTemplate(json.ItemSelector, field('ItemSelector'), context);
  checkWholeTemplate(json.Parameters, field('Parameters'), context);
  checkItemReader(json, pointer, context);
  checkResultWriter(json, pointer, context);
  checkBatcher(json.ItemBatcher, field('ItemBatcher'), context);
  checkQuantity(json, pointer, 'MaxConcurrency', 'a whole number from 0', isWhole, context);
  checkQuantity(json, pointer, 'ToleratedFailureCount', 'a whole number from 0', isWhole, context);
  checkQuantity(json, pointer, 'ToleratedFailurePercentage', 'a number from 0 to 100', isPercentage, context);
}

function checkItems(value: Json | undefined, pointer: string, context: CheckContext): void {
  if (value === undefined) return;
  if (Array.isArray(value) || isJsonObject(value)) checkTemplate(value, pointer, context);
  else if (typeof value === 'string') checkExpression(value, pointer, context);
  else context.report(errorAt(pointer, 'schema', 'Items is an array or an object, or an expression that gives one'));
}

/** A number, an expression that gives one (JSONata), or a path to one beside it (JSONPath). */
function checkQuantity(
  json: JsonObject,
  pointer: string,
  name: string,
  expected: string,
  fits: (value: number) => boolean,
  context: CheckContext,
): void {
  const value = json[name];
  const at = pointerTo(pointer, name);
  if (context.language === 'JSONata' && typeof value === 'string' && isExpression(value))
    checkExpression(value, at, context);
  else checkNumber(value, at, expected, fits, context);
  checkReference(json[`${name}Path`], `${at}Path`, context);
  if (value !== undefined && json[`${name}Path`] !== undefined) {
    context.report(errorAt(`${at}Path`, 'schema', `a Map has either ${name} or ${name}Path`));
  }
}

function checkBatcher(value: Json | undefined, pointer: string, context: CheckContext): void {
  if (value === undefined) return;
  if (!isJsonObject(value)) {
    context.report(errorAt(pointer, 'schema', 'ItemBatcher is an object'));
    return;
  }
  const least = (number: number) => Number.isInteger(number) && number >= 1;
  for (const name of ['MaxItemsPerBatch', 'MaxInputBytesPerBatch']) {
    checkQuantity(value, pointer, name, 'a whole number from 1', least, context);
  }
  const limits = Object.keys(value).filter((key) => /^Max(?:ItemsPer|InputBytesPer)Batch(?:Path)?$/.test(key));
  if (limits.length === 0) {
    context.report(errorAt(pointer, 'schema', 'ItemBatcher has MaxItemsPerBatch, MaxInputBytesPerBatch or both'));
  }
  for (const key of Object.keys(value)) {
    if (context.language === 'JSONata' && key.endsWith('Path') && limits.includes(key)) {
      const message = `ItemBatcher has no field ${key} in JSONata mode: ${key.replace(/Path$/, '')} takes an expression`;
      context.reportRule(errorAt(pointerTo(pointer, key), 'schema', message));
    }
    if (key !== 'BatchInput' && !limits.includes(key)) {
      context.report(errorAt(pointerTo(pointer, key), 'schema', `ItemBatcher has no field ${key}`));
    }
  }
  checkWholeTemplate(value.BatchInput, pointerTo(pointer, 'BatchInput'), context);
}
