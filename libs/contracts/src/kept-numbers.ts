import { BatonError } from './errors.js';

/*
 * A number of JSON is a decimal of any length; here it becomes a double, and what is stored is the shortest decimal that
 * stands for that. Beyond 2^53 this can be another whole number: an id of 20 digits would silently be that of somebody
 * else. What has a fraction is rounded as everywhere.
 */

/** A number that would become another one. */
export interface ChangedNumber {
  /** RFC 6901 pointer to it. */
  readonly pointer: string;
  /** As it was written. */
  readonly source: string;
}

const JSON_NUMBER = /^[-+]?(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/;

/** Whether a number keeps its value, but for the rounding of a fraction. Other notations than JSON's: up to 2^53. */
export function isKeptNumber(source: string): boolean {
  const value = Number(source);
  const parts = JSON_NUMBER.exec(source);
  if (parts === null) return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (!Number.isFinite(value)) return false;
  if (value === 0) return !/[1-9]/.test(`${parts[1]}${parts[2]}`);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER || decimalOf(source) === decimalOf(String(value));
}

/** The digits of a number without zeros around them, and the power of ten of the last one. */
function decimalOf(text: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = JSON_NUMBER.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** What only a long number or one with an exponent can be: all other texts need no second look. */
const SUSPICIOUS = /\d{16}|\d[eE][-+]?\d/;

/** The first number in a JSON text that would become another one; null where all stay. The text has to be JSON. */
export function changedNumberIn(text: string): ChangedNumber | null {
  if (!SUSPICIOUS.test(text)) return null;
  let isFound = false;
  const mark = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value !== 'number' || context?.source === undefined || isKeptNumber(context.source)) return value;
    isFound = true;
    return new Marked(context.source);
  };
  try {
    const marked: unknown = JSON.parse(text, mark);
    return isFound ? find(marked) : null;
  } catch (thrown) {
    // The walk is recursive. What is nested so deeply is refused wherever it is going.
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

class Marked {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

function find(root: unknown): ChangedNumber | null {
  const waiting: [value: unknown, pointer: string][] = [[root, '']];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, pointer] = next;
    if (value instanceof Marked) return { pointer, source: value.source };
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, item] of Object.entries(value).reverse()) {
      if (typeof item === 'object')
        waiting.push([item, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`]);
    }
  }
  return null;
}

const MOST_SHOWN = 40;

/** What is said of a number that cannot be kept. */
export function describeChangedNumber(source: string): string {
  const shown = source.length > MOST_SHOWN ? `${source.slice(0, MOST_SHOWN)}…` : source;
  const value = Number(source);
  return Number.isFinite(value)
    ? `the number ${shown} would become ${value}`
    : `the number ${shown} is beyond all that can be kept`;
}

export const WRITE_AS_TEXT = 'Write it as a text, in quotes.';

/**
 * JSON, of which every number stays what it is.
 *
 * @param what how the text is called in the sentence about it
 * @throws SyntaxError where it is no JSON; BatonError `number-not-kept`
 */
export function parseJson(text: string, what: string): unknown {
  const value: unknown = JSON.parse(text);
  const changed = changedNumberIn(text);
  if (changed === null) return value;
  const { pointer, source } = changed;
  const place = pointer === '' ? '' : `at ${pointer} `;
  throw new BatonError(`${what} cannot be kept: ${place}${describeChangedNumber(source)}.`, {
    code: 'number-not-kept',
    next: WRITE_AS_TEXT,
  });
}
