import { Json, JsonObject, toError } from '@baton/contracts';
import { jsonrepair } from 'jsonrepair';
import { fitScalars } from './fit-scalars.js';
import { isOpen, spansIn } from './spans.js';

/*
 * Models without structured output wrap the object in a fence or in prose, think aloud before it, leave commas and comments in
 * it, quote with `'`, write numbers as strings, and break off. What can be read without guessing is read; what was meant, the
 * caller's schema says.
 */

export type ExtractedJson =
  | {
      readonly ok: true;
      readonly value: Json;
      /** Whether it broke off: what is missing was closed, and the last value may be a part of itself. */
      readonly isTruncated: boolean;
    }
  | { readonly ok: false; readonly reason: string };

/**
 * The JSON in a text of a model: as it stands, in a fence, between prose, after its thoughts; with comments, commas at the end,
 * single quotes or names without quotes. Takes any text, throws never, and says of what breaks off that it does. Of several
 * objects the one is taken that the schema wants, and none where several could be meant; without a schema they are a list. With a schema, scalars of the wrong
 * type are turned into what it wants where they say the same.
 */
export function extractJson(text: string, schema?: JsonObject): ExtractedJson {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: false, reason: 'the answer is empty' };
  const whole = parsed(trimmed);
  // JSON that was written down as a text once more.
  if (typeof whole === 'string' && schema !== undefined && !isWanted(whole, schema)) return extractJson(whole, schema);
  if (whole !== undefined) return found(whole, schema, { isTruncated: false });
  return within(withoutThoughts(trimmed), schema);
}

function within(text: string, schema: JsonObject | undefined): ExtractedJson {
  const spans = spansIn(text);
  const wanted = spans.isOpen ? [] : wantedOf(spans.whole, schema);
  const [first] = wanted;
  if (first !== undefined && wanted.length === 1) return found(first, schema, { isTruncated: false });
  const ofFences = wantedOf(
    fencesIn(text).filter((fence) => !spansIn(fence).isOpen),
    schema,
  );
  const [fenced] = ofFences;
  if (fenced !== undefined && ofFences.length === 1) return found(fenced, schema, { isTruncated: false });
  // Nobody says which of them is meant: they are told apart by whoever asked.
  if (wanted.length > 1 && schema === undefined) return found([...wanted], schema, { isTruncated: false });
  if (wanted.length > 1) return { ok: false, reason: `it holds ${wanted.length} objects that could be the answer` };
  return mended(text, schema);
}

/** What has to be repaired, or is not what the schema wants. */
function mended(text: string, schema: JsonObject | undefined): ExtractedJson {
  const candidates = candidatesIn(text);
  const exact = candidates.map(parsed).filter((value) => value !== undefined);
  const repairs = candidates.flatMap((candidate) => {
    const value = parsed(repaired(candidate));
    return value === undefined ? [] : [{ value, isTruncated: isOpen(candidate) }];
  });
  const all = [...exact.map((value) => ({ value, isTruncated: false })), ...repairs];
  const best = all.find(({ value }) => isWanted(value, schema)) ?? all[0];
  if (best !== undefined) return found(best.value, schema, best);
  return { ok: false, reason: `the answer is not JSON: ${reasonOf(text)}` };
}

const found = (
  value: Json,
  schema: JsonObject | undefined,
  { isTruncated }: { readonly isTruncated: boolean },
): ExtractedJson => ({ ok: true, value: schema === undefined ? value : fitScalars(value, schema), isTruncated });

/** What models think aloud; where the mark before it is part of their prompt, only the one after it is there. */
function withoutThoughts(text: string): string {
  const after = text.replace(/^[\s\S]*<\/think(?:ing)?>/, '').trim();
  return spansIn(after).whole.length > 0 || spansIn(after).isOpen ? after : text;
}

/** Those that are JSON as they stand and what the schema wants, each once; without a schema objects before lists. */
function wantedOf(texts: readonly string[], schema: JsonObject | undefined): readonly Json[] {
  const values = texts.map(parsed).filter((value) => value !== undefined);
  const wanted = values.filter((value) => isWanted(value, schema));
  const different = [...new Map(wanted.map((value) => [JSON.stringify(value), value])).values()];
  const objects = different.filter((value) => !Array.isArray(value));
  return schema === undefined && objects.length > 0 ? objects : different;
}

/** Whether a value is at first sight what a schema describes; without one whether it is an object or a list. */
function isWanted(value: Json, schema: JsonObject | undefined): boolean {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (schema === undefined) return isObject || Array.isArray(value);
  const { type, required } = schema;
  if (typeof type === 'string' && type === 'object' && !isObject) return false;
  if (typeof type === 'string' && type === 'array' && !Array.isArray(value)) return false;
  if (!isObject || !Array.isArray(required)) return true;
  return required.every((name) => typeof name !== 'string' || Object.hasOwn(JsonObject.parse(value), name));
}

const FENCE = /```[\w-]*[ \t]*\n(?<inner>[\s\S]*?)(?:\n[ \t]*```|$)/g;
const fencesIn = (text: string): readonly string[] =>
  [...text.matchAll(FENCE)].map((match) => match.groups?.inner?.trim() ?? '');

/** Brackets stand in prose, too: a list begins with what lists hold. */
const BEGINNING = /\{|\[(?=\s*[[{"'\d\]-])/;

/** Where an object or a list may stand, the likeliest first: in fences, between the outermost brackets, from the first one on. */
function candidatesIn(text: string): readonly string[] {
  const starts = [...new Set([text.search(BEGINNING), text.indexOf('{')])].filter((start) => start >= 0);
  const rest = starts.map((start) => text.slice(start)).flatMap((part) => [upToClosing(part), part]);
  const spans = spansIn(text);
  const own = spans.isOpen ? [] : spans.whole;
  return [...new Set([...fencesIn(text).map(fromBracket), ...rest, ...own])].filter((each) => /^[{[]/.test(each));
}

const fromBracket = (text: string): string => text.slice(Math.max(0, text.search(/[{[]/)));

function upToClosing(text: string): string {
  const end = text.lastIndexOf(text.startsWith('{') ? '}' : ']');
  return end < 0 ? text : text.slice(0, end + 1);
}

function parsed(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    const json = Json.safeParse(JSON.parse(text));
    return json.success ? json.data : undefined;
  } catch {
    return undefined;
  }
}

function repaired(text: string): string | undefined {
  try {
    return jsonrepair(text);
  } catch {
    return undefined;
  }
}

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return 'it is nested too deeply';
  } catch (error) {
    return toError(error).message;
  }
}
