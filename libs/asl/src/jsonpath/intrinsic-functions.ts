import { base64 } from '@scure/base';
import { canonicalText } from '../canonical-text.js';
import { charge, type Evaluation, expressionError, stepsLeft } from '../guard.js';
import { HASH_ALGORITHMS, hashOf } from '../hash.js';
import { isJsonObject, type Json, type JsonObject } from '../json.js';
import { plainJson } from '../plain-json.js';
import { randomFrom, uuidFrom } from '../random.js';
import { fromBase64, NO_BYTES, NO_TEXT, textOfUtf8, toUtf8 } from '../utf8.js';
import { deepCost, readCost } from '../weigh.js';
import { formatTemplate } from './format.js';

/** An intrinsic function was given what it cannot take. */
export class IntrinsicProblem extends Error {}

/** Calls an intrinsic function whose name and number of arguments were checked when it was parsed. */
export function callIntrinsic(
  name: string,
  args: readonly Json[],
  rawFirst: string | null,
  evaluation: Evaluation,
): Json {
  const call = FUNCTIONS[name];
  if (call === undefined) throw new IntrinsicProblem('there is no such function');
  charge(evaluation, 1);
  return call(args, evaluation, rawFirst);
}

type Intrinsic = (args: readonly Json[], evaluation: Evaluation, rawFirst: string | null) => Json;

/** The longest text that the recorded service hashes and encodes. */
const MAX_ENCODED = 10_000;
const MAX_RANGE = 1_000;

const FUNCTIONS: Readonly<Record<string, Intrinsic>> = {
  'States.Array': (args) => [...args],
  'States.ArrayPartition': partition,
  'States.ArrayContains': (args, evaluation) => {
    const list = listOf(args, 0);
    chargeText(evaluation, args);
    const wanted = canonicalText(args[1]);
    return list.some((item) => canonicalText(item) === wanted);
  },
  'States.ArrayRange': range,
  'States.ArrayGetItem': (args) => {
    const item = listOf(args, 0)[wholeOf(args, 1)];
    if (item === undefined) throw new IntrinsicProblem(`there is no item ${wholeOf(args, 1)}`);
    return item;
  },
  'States.ArrayLength': (args) => listOf(args, 0).length,
  'States.ArrayUnique': (args, evaluation) => {
    const list = listOf(args, 0);
    chargeText(evaluation, list);
    const seen = new Set<string>();
    return list.filter((item) => {
      const key = canonicalText(item);
      return !seen.has(key) && seen.add(key) !== undefined;
    });
  },
  'States.Base64Encode': (args, evaluation) => base64.encode(bytesOf(encodableOf(args, evaluation))),
  'States.Base64Decode': (args, evaluation) => {
    const bytes = fromBase64(encodableOf(args, evaluation));
    if (bytes === null) throw new IntrinsicProblem('the text is no Base64');
    const text = textOfUtf8(bytes);
    if (text === null) throw new IntrinsicProblem(NO_TEXT);
    return text;
  },
  'States.Hash': hash,
  'States.JsonMerge': ([first, second, deep], evaluation) => {
    charge(evaluation, mergeCost(first, second));
    if (!isJsonObject(first) || !isJsonObject(second)) throw new IntrinsicProblem('only two objects can be merged');
    if (typeof deep !== 'boolean') throw new IntrinsicProblem('the third argument is true (deep) or false (shallow)');
    return deep ? mergeDeeply(first, second, evaluation) : { ...first, ...second };
  },
  'States.StringToJson': parseJson,
  'States.JsonToString': ([value], evaluation) => {
    charge(evaluation, 2 * deepCost(value, stepsLeft(evaluation)));
    return JSON.stringify(value);
  },
  'States.MathRandom': random,
  'States.MathAdd': (args) => Math.round(numberOf(args, 0)) + Math.round(numberOf(args, 1)) + 0,
  'States.StringSplit': (args, evaluation) => {
    charge(evaluation, readCost(textOf(args, 0).length) + readCost(textOf(args, 1).length));
    return split(textOf(args, 0), textOf(args, 1));
  },
  'States.UUID': (_args, evaluation) => uuidFrom(evaluation.random),
  'States.Format': ([template, ...values], evaluation, raw) => {
    if (typeof template !== 'string') throw new IntrinsicProblem('the template is no text');
    charge(evaluation, 2 * readCost(template.length) + 2 * deepCost(values, stepsLeft(evaluation)));
    const text = formatTemplate(raw ?? template, values);
    if (text === null) throw new IntrinsicProblem('the template has as many {} as arguments follow it');
    if (text.length > evaluation.limits.maxCharacters) throw tooLong(evaluation);
    return text;
  },
};

/** Members that are objects in both are merged as well; of all else the second has the word. */
function mergeDeeply(first: JsonObject, second: JsonObject, evaluation: Evaluation): JsonObject {
  charge(evaluation, mergeCost(first, second));
  const merged = new Map(Object.entries(first));
  for (const [name, value] of Object.entries(second)) {
    const before = merged.get(name);
    const isBoth = isJsonObject(before) && isJsonObject(value);
    merged.set(name, isBoth ? mergeDeeply(before, value, evaluation) : value);
  }
  return Object.fromEntries(merged);
}

/** Members are listed, looked up and put down again. */
const mergeCost = (...objects: readonly (Json | undefined)[]): number =>
  Math.ceil(objects.reduce<number>((sum, each) => sum + (isJsonObject(each) ? Object.keys(each).length : 0), 0) / 2);

/** Values are compared as texts whose members are in order. */
const chargeText = (evaluation: Evaluation, values: readonly Json[]): void =>
  charge(evaluation, values.length + 4 * deepCost(values, stepsLeft(evaluation)));

const tooLong = ({ limits }: Evaluation) =>
  expressionError('B1004', `made a string of more than ${limits.maxCharacters} characters`);

function partition(args: readonly Json[], evaluation: Evaluation): Json {
  const list = listOf(args, 0);
  const size = wholeOf(args, 1);
  if (size < 1) throw new IntrinsicProblem('the size of a part is at least 1');
  charge(evaluation, list.length);
  return Array.from({ length: Math.ceil(list.length / size) }, (_, part) => list.slice(part * size, (part + 1) * size));
}

/** First to last, both included. */
function range(args: readonly Json[], evaluation: Evaluation): Json {
  const [first, last, step] = [wholeOf(args, 0), wholeOf(args, 1), wholeOf(args, 2)];
  if (step === 0) throw new IntrinsicProblem('the step is not 0');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE) throw new IntrinsicProblem(`a range has at most ${MAX_RANGE} items`);
  charge(evaluation, readCost(length));
  return Array.from({ length }, (_, index) => first + index * step);
}

function hash(args: readonly Json[], evaluation: Evaluation): Json {
  const [data] = args;
  if (typeof data !== 'string') charge(evaluation, 2 * deepCost(data, stepsLeft(evaluation)));
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  if (text.length > MAX_ENCODED) throw new IntrinsicProblem(`the data has more than ${MAX_ENCODED} characters`);
  charge(evaluation, readCost(text.length));
  const hashed = hashOf(bytesOf(text), textOf(args, 1));
  if (hashed === null) throw new IntrinsicProblem(`the algorithm is one of ${HASH_ALGORITHMS.join(', ')}`);
  return hashed;
}

/** Blank text is null, as in the recorded service. */
function parseJson(args: readonly Json[], evaluation: Evaluation): Json {
  const text = textOf(args, 0);
  charge(evaluation, Math.floor(text.length / 64));
  if (text.trim() === '') return null;
  // Looked at at once: what is nested too deeply would bring down the functions around this one.
  const value = parsed(text);
  try {
    return plainJson(value, evaluation);
  } catch (thrown) {
    // What the text holds is the mistake of whoever calls; what it costs is not.
    const isOfText = isJsonObject(thrown) && (thrown.code === 'B3002' || thrown.code === 'B3003');
    throw isOfText ? new IntrinsicProblem(`the text is no JSON that can be kept: ${thrown.message}`) : thrown;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new IntrinsicProblem('the text is not JSON');
  }
}

/** A whole number from the first, which is included, to the second, which is not; a seed makes it repeat. */
function random(args: readonly Json[], evaluation: Evaluation): Json {
  const [start, end] = [wholeOf(args, 0), wholeOf(args, 1)];
  if (start >= end) throw new IntrinsicProblem('the first number is below the second');
  const draw = args[2] === undefined ? evaluation.random() : randomFrom(`States.MathRandom(${wholeOf(args, 2)})`)();
  return Math.floor(start + draw * (end - start)) + 0;
}

/** Every character of the second text separates; what is empty between them is left out. */
function split(text: string, separators: string): Json {
  const parts: string[] = [''];
  const isSeparator = new Set(separators);
  for (const character of text) {
    if (isSeparator.has(character)) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return parts.filter((part) => part !== '');
}

const nth = (at: number): string => ['first', 'second', 'third'][at] ?? `${at + 1}th`;

function listOf(args: readonly Json[], at: number): readonly Json[] {
  const value = args[at];
  if (!Array.isArray(value)) throw new IntrinsicProblem(`the ${nth(at)} argument is no array`);
  return value;
}

function textOf(args: readonly Json[], at: number): string {
  const value = args[at];
  if (typeof value !== 'string') throw new IntrinsicProblem(`the ${nth(at)} argument is no text`);
  return value;
}

function numberOf(args: readonly Json[], at: number): number {
  const value = args[at];
  if (typeof value !== 'number') throw new IntrinsicProblem(`the ${nth(at)} argument is no number`);
  return value;
}

/** The recorded service rounds where a whole number is wanted. */
const wholeOf = (args: readonly Json[], at: number): number => Math.round(numberOf(args, at));

function bytesOf(text: string): Uint8Array {
  const bytes = toUtf8(text);
  if (bytes === null) throw new IntrinsicProblem(NO_BYTES);
  return bytes;
}

function encodableOf(args: readonly Json[], evaluation: Evaluation): string {
  const text = textOf(args, 0);
  charge(evaluation, readCost(text.length));
  if (text.length > MAX_ENCODED) throw new IntrinsicProblem(`the text has more than ${MAX_ENCODED} characters`);
  return text;
}
