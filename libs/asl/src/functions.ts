import jsonata from '#jsonata';
import { canonicalText } from './canonical-text.js';
import { charge, evaluationOf, expressionError, needsStopper, stepsLeft } from './guard.js';
import { HASH_ALGORITHMS, hashOf } from './hash.js';
import { randomFrom, uuidFrom } from './random.js';
import { isSmallPicture } from './small-picture.js';
import { bytesOf, TEXT_FUNCTIONS } from './text-functions.js';
import { deepCost, itemsCost, readCost } from './weigh.js';

/*
 * The functions that the language adds to JSONata, those that must not read a clock or roll dice, and those whose cost
 * nothing would count.
 */

type Focus = jsonata.Focus;
type Implementation = Parameters<jsonata.Expression['registerFunction']>[1];

const formatMillis = jsonata('$fromMillis($ms, $picture, $timezone)');

function now(this: Focus, picture: string | undefined, timezone: string | undefined): unknown {
  const evaluation = evaluationOf(this.environment);
  if (picture !== undefined && !isSmallPicture(picture)) needsStopper(evaluation);
  const { nowMs } = evaluation;
  return picture === undefined
    ? new Date(nowMs).toISOString()
    : formatMillis.evaluate(undefined, { ms: nowMs, picture, timezone });
}

function millis(this: Focus): number {
  return evaluationOf(this.environment).nowMs;
}

function random(this: Focus, seed: number | undefined): number {
  return seed === undefined ? evaluationOf(this.environment).random() : randomFrom(`$random(${seed})`)();
}

function uuid(this: Focus): string {
  return uuidFrom(evaluationOf(this.environment).random);
}

/** Fisher and Yates, from the evaluation's own random numbers. */
function shuffle(this: Focus, list: readonly unknown[] | undefined): unknown {
  if (list === undefined) return undefined;
  const evaluation = evaluationOf(this.environment);
  charge(evaluation, readCost(list.length));
  const { random: draw } = evaluation;
  const result = [...list];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = Math.floor(draw() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

function partition(this: Focus, list: readonly unknown[] | undefined, size: number | undefined): unknown {
  if (list === undefined || size === undefined) return undefined;
  if (!Number.isInteger(size) || size < 1)
    throw expressionError('B2001', '$partition needs a whole size of at least 1');
  charge(evaluationOf(this.environment), itemsCost(list.length) + readCost(list.length / size));
  return Array.from({ length: Math.ceil(list.length / size) }, (_, part) => list.slice(part * size, (part + 1) * size));
}

/** First to last, both included. As in the service, one number alone comes back as that number. */
function range(this: Focus, first: number | undefined, last: number | undefined, step: number | undefined): unknown {
  if (first === undefined || last === undefined || step === undefined) return undefined;
  if (![first, last, step].every(Number.isInteger)) throw expressionError('B2002', '$range needs whole numbers');
  if (step === 0) throw expressionError('B2003', '$range needs a step other than 0');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  charge(evaluationOf(this.environment), length);
  const numbers = Array.from({ length }, (_, index) => first + index * step);
  return length > 1 ? numbers : numbers[0];
}

function parse(this: Focus, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  charge(evaluationOf(this.environment), Math.floor(text.length / 64));
  try {
    return JSON.parse(text);
  } catch {
    throw expressionError('B2004', '$parse was given a text that is not JSON');
  }
}

function hash(this: Focus, text: string | undefined, algorithm: string | undefined): string | undefined {
  if (text === undefined || algorithm === undefined) return undefined;
  charge(evaluationOf(this.environment), Math.ceil(text.length / 16));
  const hashed = hashOf(bytesOf(text, '$hash'), algorithm);
  if (hashed === null) throw expressionError('B2007', `$hash knows ${HASH_ALGORITHMS.join(', ')}`);
  return hashed;
}

function noEval(): never {
  throw expressionError('B2005', '$eval is not available; $parse reads JSON');
}

interface Sequence extends Array<unknown> {
  sequence?: boolean;
}

const isSequence = (value: unknown): value is Sequence =>
  Array.isArray(value) && Reflect.get(value, 'sequence') === true;

/** JSONata's own copies the first list without being counted: a $reduce over it would be quadratic. */
function append(this: Focus, first: unknown, second: unknown): unknown {
  if (first === undefined) return second;
  if (second === undefined) return first;
  const left: readonly unknown[] = Array.isArray(first) ? first : [first];
  const right: readonly unknown[] = Array.isArray(second) ? second : [second];
  charge(evaluationOf(this.environment), Math.ceil((left.length + right.length) / 16));
  return [...left, ...right];
}

/** JSONata's own compares each item with each: this one is linear, by a text that equal values share. */
function distinct(this: Focus, list: unknown): unknown {
  if (!Array.isArray(list) || list.length <= 1) return list;
  const evaluation = evaluationOf(this.environment);
  charge(evaluation, 4 * deepCost(list, stepsLeft(evaluation)));
  const seen = new Set<string>();
  const result: Sequence = list.filter((item) => {
    const key = canonicalText(item);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  if (isSequence(list)) result.sequence = true;
  return result;
}

function pad(this: Focus, text: string | undefined, width: number, char: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  charge(evaluationOf(this.environment), readCost(text.length + Math.min(Math.abs(width), 1_000_000)));
  const characters = [...text].length;
  const missing = Math.abs(width) - characters;
  if (missing <= 0) return text;
  if (missing > 1_000_000) throw expressionError('B2006', '$pad was asked for more than a million characters');
  // No more of it than is used, however long it is.
  const filler = char === undefined || char === '' ? ' ' : char.slice(0, 2 * missing);
  const padding = [...filler.repeat(Math.ceil(missing / [...filler].length))].slice(0, missing).join('');
  return width > 0 ? text + padding : padding + text;
}

const FUNCTIONS: readonly (readonly [name: string, implementation: Implementation, signature: string])[] = [
  ['now', now, '<s?s?:s>'],
  ['millis', millis, '<:n>'],
  ['random', random, '<n?:n>'],
  ['uuid', uuid, '<:s>'],
  ['shuffle', shuffle, '<a:a>'],
  ['partition', partition, '<an:a>'],
  ['range', range, '<nnn:a>'],
  ['parse', parse, '<s:x>'],
  ['hash', hash, '<ss:s>'],
  ['eval', noEval, '<sx?:x>'],
  ['append', append, '<xx:a>'],
  ['distinct', distinct, '<x:x>'],
  ['pad', pad, '<s-ns?:s>'],
  ...TEXT_FUNCTIONS,
];

export function registerFunctions(program: jsonata.Expression): void {
  for (const [name, implementation, signature] of FUNCTIONS) program.registerFunction(name, implementation, signature);
}

/** The functions of JSONata itself, which it does not list anywhere; a test compares. */
const OF_JSONATA =
  'abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl decodeUrlComponent ' +
  'distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase formatInteger formatNumber ' +
  'fromMillis join keys length lookup lowercase map match max merge millis min not now number pad parseInteger power ' +
  'random reduce replace reverse round shuffle sift single sort split spread sqrt string substring substringAfter ' +
  'substringBefore sum toMillis trim type uppercase zip';

/** Every function that an expression can call. */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set([
  ...OF_JSONATA.split(' '),
  ...FUNCTIONS.map(([name]) => name),
]);
