import type { Json, JsonObject } from '@baton/asl';

/*
 * What an input holds, so that somebody who composes knows its names and types. The values go to the workers, whole; a model that
 * composes is told the beginning of them, and so what it is asked has a bound whatever was submitted.
 */

const MOST_TEXT = 200;
const MOST_MEMBERS = 40;
const MOST_ITEMS = 3;
const DEEPEST = 4;
/** Of all of it, as JSON. */
const MOST_CHARACTERS = 8_000;

export function aboutInput(input: JsonObject): Json {
  const left = { characters: MOST_CHARACTERS };
  return shortened(input, 0, left);
}

function shortened(value: Json, depth: number, left: { characters: number }): Json {
  if (left.characters <= 0) return '…';
  if (Array.isArray(value)) {
    left.characters -= 20;
    if (depth >= DEEPEST) return `a list of ${value.length}`;
    const shown = value.slice(0, MOST_ITEMS).map((each) => shortened(each, depth + 1, left));
    return value.length > MOST_ITEMS ? [...shown, `… a list of ${value.length} in all`] : shown;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    left.characters -= 20;
    if (depth >= DEEPEST) return `an object of ${members.length} members`;
    const shown = members.slice(0, MOST_MEMBERS).flatMap(([name, member]): readonly (readonly [string, Json])[] => {
      if (left.characters <= 0) return [];
      left.characters -= name.length + 4;
      return [[beginningOf(name), shortened(member, depth + 1, left)]];
    });
    const more = members.length - shown.length;
    return Object.fromEntries(more > 0 ? [...shown, ['…', `${more} more members`]] : shown);
  }
  const text = typeof value === 'string' ? cut(value) : value;
  left.characters -= JSON.stringify(text).length;
  return text;
}

/** Never between the halves of a character. */
const beginningOf = (text: string): string => text.slice(0, MOST_TEXT).replace(/\p{Cs}$/u, '');
const cut = (text: string): string =>
  text.length > MOST_TEXT ? `${beginningOf(text)}… (${text.length} characters)` : text;
