import type { CheckContext } from './check-context.js';
import { checkExpression, checkNumber, checkText, checkWholeTemplate } from './check-fields.js';
import { checkReference } from './check-paths.js';
import { isExpression } from './expression.js';
import { errorAt, pointerTo, warningAt } from './finding.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';

/** How the bytes of a Resource become items. */
const INPUT_TYPES = ['CSV', 'JSON', 'JSONL', 'MANIFEST'];
const DELIMITERS = ['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB'];
const READER_CONFIG = [
  ...['InputType', 'MaxItems', 'MaxItemsPath', 'CSVHeaderLocation', 'CSVHeaders', 'CSVDelimiter', 'ItemsPointer'],
  ...['ManifestType', 'Transformation'],
];
const OF_CSV = ['CSVHeaderLocation', 'CSVHeaders', 'CSVDelimiter'];

/** Whether a Resource is the listing of a bucket, which has no bytes that would have a type. */
const isListing = (resource: Json | undefined): boolean =>
  typeof resource === 'string' && /:s3:listObjectsV2$/.test(resource);

/** ItemReader of a Map: the items are read from elsewhere, instead of being in the data of the state. */
export function checkItemReader(json: JsonObject, pointer: string, context: CheckContext): void {
  const value = json.ItemReader;
  if (value === undefined) return;
  const at = pointerTo(pointer, 'ItemReader');
  if (json.Items !== undefined) {
    const message = 'the items are those that ItemReader reads: a Map has either Items or ItemReader';
    context.report(errorAt(pointerTo(pointer, 'Items'), 'schema', message));
  }
  if (json.ItemsPath !== undefined) {
    const message = 'the items are those that ItemReader reads, so ItemsPath is ignored';
    context.report(warningAt(pointerTo(pointer, 'ItemsPath'), 'schema', message));
  }
  if (!checkConnection(value, at, 'ItemReader', ['ReaderConfig'], context)) return;
  if (value.Resource === undefined) {
    context.report(errorAt(at, 'schema', 'Resource says from where the items are read; it is missing'));
  }
  checkReaderConfig(value.ReaderConfig ?? {}, pointerTo(at, 'ReaderConfig'), isListing(value.Resource), context);
}

function checkReaderConfig(value: Json, at: string, isOfListing: boolean, context: CheckContext): void {
  const { report } = context;
  if (!isJsonObject(value)) {
    report(errorAt(at, 'schema', 'ReaderConfig is an object'));
    return;
  }
  checkKnown(value, at, 'ReaderConfig', READER_CONFIG, context);
  const field = (name: string) => pointerTo(at, name);
  const { InputType: type } = value;
  if (type === 'PARQUET') {
    report(errorAt(field('InputType'), 'not-supported', 'PARQUET is not read here: convert it to JSONL or CSV'));
  } else if (type === undefined) {
    if (!isOfListing) report(errorAt(at, 'schema', `InputType is one of ${INPUT_TYPES.join(', ')}; it is missing`));
  } else if (typeof type !== 'string' || !INPUT_TYPES.includes(type)) {
    report(errorAt(field('InputType'), 'schema', `InputType is one of ${INPUT_TYPES.join(', ')}`));
  }
  for (const name of OF_CSV) {
    if (value[name] === undefined || type === 'CSV' || type === 'MANIFEST') continue;
    report(errorAt(field(name), 'schema', `${name} goes with the InputType CSV`));
  }
  if (type === 'CSV') checkHeaders(value, at, context);
  if (value.CSVDelimiter !== undefined && !isOneOf(value.CSVDelimiter, DELIMITERS)) {
    report(errorAt(field('CSVDelimiter'), 'schema', `CSVDelimiter is one of ${DELIMITERS.join(', ')}`));
  }
  checkPointer(value.ItemsPointer, type, field('ItemsPointer'), context);
  if (value.ManifestType !== undefined && value.ManifestType !== 'S3_INVENTORY') {
    report(errorAt(field('ManifestType'), 'not-supported', 'ManifestType is S3_INVENTORY; others are not read here'));
  }
  if (value.Transformation !== undefined && value.Transformation !== 'NONE') {
    const message = 'Transformation is NONE: the objects of a listing are not loaded here, a state of the items can';
    report(errorAt(field('Transformation'), 'not-supported', message));
  }
  checkMost(value, at, context);
}

function checkHeaders(value: JsonObject, at: string, { report }: CheckContext): void {
  const where = value.CSVHeaderLocation;
  const { CSVHeaders: headers } = value;
  if (where !== 'FIRST_ROW' && where !== 'GIVEN') {
    const message = 'CSVHeaderLocation is FIRST_ROW, or GIVEN with CSVHeaders';
    report(errorAt(where === undefined ? at : pointerTo(at, 'CSVHeaderLocation'), 'schema', message));
    return;
  }
  if (where === 'FIRST_ROW') {
    if (headers === undefined) return;
    report(errorAt(pointerTo(at, 'CSVHeaders'), 'schema', 'CSVHeaders go with the CSVHeaderLocation GIVEN'));
    return;
  }
  if (headers === undefined) {
    report(errorAt(at, 'schema', 'CSVHeaders are the names of the columns, where CSVHeaderLocation is GIVEN; missing'));
    return;
  }
  const names = Array.isArray(headers) ? headers : [];
  const isGood = names.length > 0 && names.every((name) => typeof name === 'string' && name !== '');
  if (isGood && new Set(names).size === names.length) return;
  report(errorAt(pointerTo(at, 'CSVHeaders'), 'schema', 'CSVHeaders is an array of names, each of them once'));
}

/** RFC 6901, within the one JSON document that is read. */
function checkPointer(value: Json | undefined, type: Json | undefined, at: string, { report }: CheckContext): void {
  if (value === undefined) return;
  if (type !== 'JSON') report(errorAt(at, 'schema', 'ItemsPointer goes with the InputType JSON'));
  if (typeof value === 'string' && /^(?:\/(?:[^~/]|~[01])*)*$/.test(value)) return;
  report(errorAt(at, 'schema', 'ItemsPointer is a JSON pointer such as /data/rows'));
}

function checkMost(value: JsonObject, at: string, context: CheckContext): void {
  const most = pointerTo(at, 'MaxItems');
  const isExpressed = context.language === 'JSONata' && typeof value.MaxItems === 'string';
  if (isExpressed && isExpression(String(value.MaxItems))) checkExpression(value.MaxItems, most, context);
  else checkNumber(value.MaxItems, most, 'a whole number from 1', (n) => Number.isInteger(n) && n >= 1, context);
  if (value.MaxItemsPath === undefined) return;
  const byPath = pointerTo(at, 'MaxItemsPath');
  if (context.language === 'JSONata') {
    const message = 'ReaderConfig has no field MaxItemsPath in JSONata mode: MaxItems takes an expression';
    context.report(errorAt(byPath, 'schema', message));
  } else checkReference(value.MaxItemsPath, byPath, context);
  if (value.MaxItems === undefined) return;
  context.report(errorAt(byPath, 'schema', 'ReaderConfig has either MaxItems or MaxItemsPath'));
}

const TRANSFORMATIONS = ['NONE', 'COMPACT', 'FLATTEN'];
const OUTPUT_TYPES = ['JSON', 'JSONL'];

/** ResultWriter of a Map: the results are written to somewhere else, and the state gives where they are. */
export function checkResultWriter(json: JsonObject, pointer: string, context: CheckContext): void {
  const value = json.ResultWriter;
  if (value === undefined) return;
  const at = pointerTo(pointer, 'ResultWriter');
  if (!checkConnection(value, at, 'ResultWriter', ['WriterConfig'], context)) return;
  const config = value.WriterConfig;
  if (value.Resource === undefined && config === undefined) {
    context.report(errorAt(at, 'schema', 'ResultWriter has a Resource that is written to, a WriterConfig, or both'));
  }
  if (config === undefined) return;
  const configAt = pointerTo(at, 'WriterConfig');
  if (!isJsonObject(config)) {
    context.report(errorAt(configAt, 'schema', 'WriterConfig is an object'));
    return;
  }
  checkKnown(config, configAt, 'WriterConfig', ['Transformation', 'OutputType'], context);
  const { Transformation = 'NONE', OutputType = 'JSON' } = config;
  if (!isOneOf(Transformation, TRANSFORMATIONS)) {
    const message = `Transformation is one of ${TRANSFORMATIONS.join(', ')}`;
    context.report(errorAt(pointerTo(configAt, 'Transformation'), 'schema', message));
  }
  if (!isOneOf(OutputType, OUTPUT_TYPES)) {
    const message = `OutputType is one of ${OUTPUT_TYPES.join(', ')}`;
    context.report(errorAt(pointerTo(configAt, 'OutputType'), 'schema', message));
  } else if (value.Resource === undefined && OutputType !== 'JSON') {
    const message = 'what is not written anywhere stays JSON: OutputType goes with a Resource';
    context.report(errorAt(pointerTo(configAt, 'OutputType'), 'schema', message));
  }
}

/** What both have: a Resource, and what it is given. */
function checkConnection(
  value: Json,
  at: string,
  name: 'ItemReader' | 'ResultWriter',
  more: readonly string[],
  context: CheckContext,
): value is JsonObject {
  const { report, language } = context;
  if (!isJsonObject(value)) {
    report(errorAt(at, 'schema', `${name} is an object`));
    return false;
  }
  const given = language === 'JSONata' ? 'Arguments' : 'Parameters';
  const resource = pointerTo(at, 'Resource');
  checkKnown(value, at, name, ['Resource', given, ...more], context);
  checkWholeTemplate(value[given], pointerTo(at, given), context);
  if (value.Resource === undefined) {
    if (value[given] !== undefined) {
      report(errorAt(pointerTo(at, given), 'schema', `${given} are for a Resource, and there is none`));
    }
    return true;
  }
  checkText(value.Resource, resource, { ...context, language: 'JSONPath' });
  if (typeof value.Resource !== 'string') return true;
  const problem = context.checkItemResource(value.Resource, name);
  if (problem !== null) report(errorAt(resource, 'unknown-resource', `${value.Resource}: ${problem}`));
  return true;
}

function checkKnown(
  value: JsonObject,
  at: string,
  name: string,
  fields: readonly string[],
  { report, language }: CheckContext,
): void {
  for (const key of Object.keys(value)) {
    if (fields.includes(key)) continue;
    report(errorAt(pointerTo(at, key), 'schema', `${name} has no field ${key} in ${language} mode`));
  }
}

const isOneOf = (value: Json, words: readonly string[]): boolean => typeof value === 'string' && words.includes(value);
