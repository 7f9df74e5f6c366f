import { Json, type JsonObject, toError } from '@baton/contracts';
import { jsonrepair } from 'jsonrepair';
import { fitScalars } from './fit-scalars.js';

/*
 * Models without structured output wrap the object in a fence or in prose, leave commas and comments in it, quote with `'`,
 * write numbers as strings, and break off. What can be read without guessing is read; what was meant, the caller's schema
 * says.
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
 * The JSON in a text of a model: as it stands, in a fence, between prose; with comments, commas at the end, single quotes or
 * names without quotes. Takes any text, throws never, and says of what breaks off that it does. With a schema, scalars of the wrong type are turned into what
 * the schema wants where they say the same.
 */
export function extractJson(text: string, schema?: JsonObject): ExtractedJson {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: false, reason: 'the answer is empty' };
  const whole = parsed(trimmed);
  if (whole !== undefined) return found(whole, schema, { isTruncated: false });
  const candidates = candidatesIn(trimmed);
  for (const candidate of candidates) {
    const value = parsed(candidate);
    if (value !== undefined) return found(value, schema, { isTruncated: false });
  }
  for (const candidate of candidates) {
    const value = parsed(repaired(candidate));
    if (value !== undefined) return found(value, schema, { isTruncated: isOpen(candidate) });
  }
  return { ok: false, reason: `the answer is not JSON: ${reasonOf(trimmed)}` };
}

const found = (value: Json, schema: JsonObject | undefined, how: { readonly isTruncated: boolean }): ExtractedJson => ({
  ok: true,
  value: schema === undefined ? value : fitScalars(value, schema),
  ...how,
});

const FENCE = /```[\w-]*[ \t]*\n(?<inner>[\s\S]*?)(?:\n[ \t]*```|$)/g;

/** Brackets stand in prose, too: a list begins with what lists hold. */
const BEGINNING = /\{|\[(?=\s*[[{"'\d\]-])/;

/** Where an object or a list may stand, the likeliest first: in fences, between the outermost brackets, from the first one on. */
function candidatesIn(text: string): readonly string[] {
  const fenced = [...text.matchAll(FENCE)].map((match) => match.groups?.inner?.trim() ?? '');
  const starts = [...new Set([text.search(BEGINNING), text.indexOf('{')])].filter((start) => start >= 0);
  const rest = starts.map((start) => text.slice(start)).flatMap((part) => [upToClosing(part), part]);
  return [...new Set([...fenced.map(fromBracket), ...rest])].filter((candidate) => /^[{[]/.test(candidate));
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

/** Whether something that was opened is never closed. */
function isOpen(text: string): boolean {
  const quotes = text.includes('"') ? '"' : `"'`;
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (quotes.includes(character)) quote = character;
    else depth += depthOf(character);
  }
  return depth > 0 || quote !== '';
}

const depthOf = (character: string): number =>
  character === '{' || character === '[' ? 1 : character === '}' || character === ']' ? -1 : 0;

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return 'it is nested too deeply';
  } catch (error) {
    return toError(error).message;
  }
}
