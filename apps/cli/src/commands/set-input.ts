import { GatewayRefused } from '@baton/client';
import { Json, type JsonObject } from '@baton/contracts';
import { UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { suggestion } from '../suggestion.js';
import { valueOfJson } from './json-text.js';

/** One `--set key=value`: a member of the input, or of an object within it (`thresholds.alignment=9`). */
export interface Setting {
  readonly path: readonly string[];
  readonly text: string;
}

/** Throws UsageError. */
export function parseSetting(word: string): Setting {
  const at = word.indexOf('=');
  const path = word.slice(0, Math.max(0, at)).split('.');
  if (at < 1 || path.some((part) => part === '')) {
    throw new UsageError(
      `--set ${word} is not of the form key=value.`,
      'Write --set maxRounds=2 or --set thresholds.alignment=9.',
    );
  }
  if (path.includes('__proto__')) {
    throw new UsageError(`--set ${word} cannot be taken: no value is called __proto__.`, 'Give it another name.');
  }
  return { path, text: word.slice(at + 1) };
}

/**
 * The input with its settings, which win. What a value means, the input's schema of the workflow says where it can be asked
 * for: text stays text where text is wanted, and a key that the workflow does not have is refused with what was probably meant.
 */
export async function withSettings(
  gateway: Gateway,
  workflow: string,
  input: JsonObject,
  settings: readonly Setting[],
  signal: AbortSignal,
): Promise<JsonObject> {
  if (settings.length === 0) return input;
  const schema = await inputSchema(gateway, workflow, signal);
  return settings.reduce((before, { path, text }) => placed(before, path, text, schema, ''), input);
}

/** The input without the lists that settings name: those say the whole list, not what is added to the one of another run. */
export function withoutLists(input: JsonObject, settings: readonly Setting[]): JsonObject {
  return settings.reduce((before, { path }) => withoutList(before, path), input);
}

function withoutList(object: JsonObject, [key = '', ...rest]: readonly string[]): JsonObject {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  if (rest.length === 0 && Array.isArray(value)) {
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  }
  return rest.length > 0 && isObject(value) ? { ...object, [key]: withoutList(value, rest) } : object;
}

/** Null where the workflow is not known: the submission will say so. */
async function inputSchema(gateway: Gateway, workflow: string, signal: AbortSignal): Promise<JsonObject | null> {
  try {
    const { document } = await gateway.get('/v1/workflows/{ref}', { params: { path: { ref: workflow } }, signal });
    return isObject(document.input) ? document.input : null;
  } catch (thrown) {
    if (thrown instanceof GatewayRefused) return null;
    throw thrown;
  }
}

function placed(
  object: JsonObject,
  [key = '', ...rest]: readonly string[],
  text: string,
  schema: JsonObject | null,
  around: string,
): JsonObject {
  const member = memberSchema(schema, key, around);
  const before = Object.hasOwn(object, key) ? object[key] : undefined;
  if (rest.length === 0) return { ...object, [key]: valueIn(text, member, before) };
  requireObject(before, member, `${around}${key}`, rest.join('.'));
  const inner = isObject(before) ? before : {};
  return { ...object, [key]: placed(inner, rest, text, member, `${around}${key}.`) };
}

/** What is no object has no members that could be set. */
function requireObject(before: Json | undefined, schema: JsonObject | null, name: string, inner: string): void {
  const type = typeof schema?.type === 'string' ? schema.type : null;
  const isOther = before === undefined ? type !== null && type !== 'object' : !isObject(before);
  if (!isOther) return;
  const what =
    WORDS[before === undefined ? (type ?? '') : Array.isArray(before) ? 'array' : typeof before] ?? 'no object';
  throw new UsageError(`${name} is ${what}, so it has no ${inner}.`, `Set it as a whole with --set ${name}=VALUE.`);
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a number',
  boolean: 'true or false',
  array: 'a list',
};

/** The schema of a member; null where it says nothing. Throws UsageError for a member that there is not. */
function memberSchema(schema: JsonObject | null, key: string, around: string): JsonObject | null {
  const properties = schema?.properties;
  if (!isObject(properties)) return null;
  const found = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (isObject(found)) return found;
  if (schema?.additionalProperties !== false) return null;
  const known = Object.keys(properties).map((name) => `${around}${name}`);
  throw new UsageError(
    `The input of this workflow has no ${around}${key}.`,
    suggestion(`${around}${key}`, known, 'keys'),
  );
}

/** JSON where the text is JSON and something else than text is wanted, else the text. A list takes one item after the other. */
function valueIn(text: string, schema: JsonObject | null, before: Json | undefined): Json {
  if (schema?.type === 'string' || Array.isArray(schema?.enum)) {
    const isListed = Array.isArray(schema?.enum) && !schema.enum.includes(text);
    return isListed ? jsonOr(text) : text;
  }
  if (schema?.type !== 'array') return jsonOr(text);
  const items = isObject(schema.items) ? schema.items : null;
  const value = jsonOr(text);
  if (Array.isArray(value)) return value;
  return [...(Array.isArray(before) ? before : []), valueIn(text, items, undefined)];
}

/** JSON where the text is that, else the text. Throws UsageError where a number of it cannot be kept. */
export function jsonOr(text: string): Json {
  try {
    return Json.parse(valueOfJson(text, `The value ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`));
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    return text;
  }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
