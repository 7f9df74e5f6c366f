import type { Read } from './in-place.js';
import { countCharacters } from './weigh.js';

/*
 * Whether the values that an expression goes into are small. To find out costs no more than the bound, but for the names of
 * an object's members: they cannot be counted without being listed, so what was found of an object is kept.
 */

/** What an expression can reach: its variables, and `$states`. */
interface Surroundings {
  readonly states: object;
  readonly variables: object;
}

/** A walk through so many values, and as many characters, is a fraction of a millisecond. */
const MOST_VALUES = 5_000;
const MOST_CHARACTERS = 256 * 1024;

/** Whether all that an expression goes into is small. */
export const seesLittle = (reads: readonly Read[], scope: Surroundings): boolean =>
  reads.every(({ variable, steps, reach }) => {
    const value = valueAt(variableOf(variable, scope), steps);
    return reach === 'walked' ? isSmall(value) : hasFewMembers(value);
  });

const variableOf = (name: string, { states, variables }: Surroundings): unknown =>
  name === 'states' ? states : Object.hasOwn(variables, name) ? Reflect.get(variables, name) : undefined;

/** What is there, or what is on the way where the way goes through a list. */
function valueAt(from: unknown, steps: Read['steps']): unknown {
  let value = from;
  for (const step of steps) {
    if (typeof step === 'number') {
      // An index of what is no list is that thing itself.
      if (Array.isArray(value)) value = value.at(Math.floor(step));
    } else if (Array.isArray(value)) return value;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, step))
      value = Reflect.get(value, step);
    else return undefined;
  }
  return value;
}

const small = new WeakMap<object, boolean>();

/** Whether a value has few parts and characters, to its last depth. */
export function isSmall(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MOST_CHARACTERS;
  if (typeof value !== 'object' || value === null) return true;
  const known = small.get(value);
  if (known !== undefined) return known;
  const found = isSmallWithin(value);
  small.set(value, found);
  return found;
}

function isSmallWithin(root: object): boolean {
  let values = 1;
  let characters = 0;
  const waiting: object[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const parts = partsOf(next);
    values += parts.length;
    if (values > MOST_VALUES) return false;
    characters += countCharacters(parts);
    if (characters > MOST_CHARACTERS) return false;
    for (const part of parts) if (typeof part === 'object' && part !== null) waiting.push(part);
  }
  return true;
}

/** The items of a list, or the names and values of an object, as far as a walk goes. */
function partsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const names = Object.keys(value);
  return names.length > MOST_VALUES ? names : [...names, ...Object.values(value)];
}

/** Whether a list has few items that have few members, lists in it included; or an object few members. */
function hasFewMembers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || small.get(value) === true) return true;
  let members = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) {
      members += next.length;
      if (members > MOST_VALUES) return false;
      for (const item of next) waiting.push(item);
    } else if (typeof next === 'object' && next !== null) {
      members += Object.keys(next).length;
      if (members > MOST_VALUES) return false;
    }
  }
  return true;
}
