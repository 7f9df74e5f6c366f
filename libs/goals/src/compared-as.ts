import type { Json, JsonObject } from '@baton/asl';
import type { StepCondition } from '@baton/contracts';
import { type ConditionText, DENIES } from './condition-text.js';
import { goalWords } from './goal-words.js';

/*
 * What a condition says of a member of a known type. All of its words have to be used up: one that is left may say anything, as
 * `more than 5 words are misspelled` does.
 */

type Is = StepCondition['is'];

export interface Compared {
  readonly is: Is;
  readonly than?: Json;
}

/** What stands right before a number. `no more than` is not `more than`, so in this order. */
const COMPARED: readonly (readonly [RegExp, Is])[] = [
  [/(?:^| )(?:at most|no more than|not more than|maximum of|up to|<=|≤)$/u, 'at-most'],
  [/(?:^| )(?:at least|no fewer than|no less than|minimum of|>=|≥)$/u, 'at-least'],
  [/(?:^| )(?:(?:fewer|less|lower|smaller|shorter) than|below|under|<)$/u, 'less'],
  [/(?:^| )(?:(?:more|greater|higher|longer|larger) than|above|over|exceeds?|>)$/u, 'more'],
  [/(?:^| )(?:(?:is|are|was|were) not(?: equal to)?|!=|≠)$/u, 'not-equal'],
  [/(?:^| )(?:is|are|was|were|has|have|equals?|equal to|exactly|==?)$/u, 'equal'],
];
/** Thousands have a comma before each three digits; any other comma leaves open what is meant. */
const NUMBER = /^-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/u;
const NONE_OF =
  /(?:^| )(?:(?:is|are|was|were|has|have|finds?|gives?|shows?) no|(?:is|are) not any|(?:is|are) empty)(?= |$)|^no(?= )/u;
const IS_NOT = /(?:^| )(?:is|are|was|were) not(?= )/u;
const IS_TEXT = /(?:^| )(?:is|are|was|were|equals?|equal to|says|reads|==?)( not)?(?: exactly)? ""$/u;
const CONTAINS = /(?:^| )(?:contains?|mentions?|includes?|has)(?: the (?:words?|texts?|terms?|phrases?|names?))? ""$/u;

/** Said of a result or of the input without meaning one of several members. */
const BESIDES: ReadonlySet<string> = new Set(
  goalWords(
    'text message input output result answer total number count amount value list found find contain show return true',
  ),
);

interface Asked extends ConditionText {
  readonly words: readonly string[];
  /** Words that say where the member is: the name of the step that gives it. */
  readonly place: readonly string[];
}

export function comparedAs(schema: JsonObject, asked: Asked): Compared | null {
  switch (schema.type) {
    case 'number':
    case 'integer':
      return asNumber(asked);
    case 'boolean':
      return asYesOrNo(asked);
    case 'array':
      return asList(asked);
    case 'string':
      return Array.isArray(schema.enum) ? null : asText(asked);
    default:
      return null;
  }
}

function asNumber(asked: Asked): Compared | null {
  const tokens = asked.text.split(' ');
  const at = tokens.findIndex((token) => /\p{N}/u.test(token));
  const number = tokens[at] ?? '';
  if (asked.quoted !== null || !NUMBER.test(number)) return null;
  const before = tokens.slice(0, at).join(' ');
  const way = COMPARED.find(([phrase]) => phrase.test(before));
  if (way === undefined) return null;
  const rest = `${before.replace(way[0], '')} ${tokens.slice(at + 1).join(' ')}`;
  return isUsedUp(rest, asked) ? { is: way[1], than: Number(number.replaceAll(',', '')) } : null;
}

function asYesOrNo(asked: Asked): Compared | null {
  if (asked.quoted !== null) return null;
  const isFalse = / (?:is|are|was|were|==?) false$/u;
  const than = !IS_NOT.test(asked.text) && !isFalse.test(asked.text);
  const rest = isFalse.test(asked.text) ? asked.text.replace(isFalse, '') : asked.text.replace(IS_NOT, ' ');
  // What is not true is not read: two words that turn it round are one too many.
  if (!than && /\btrue\b/u.test(rest)) return null;
  const own = rest.replaceAll(/\bfail(?:s|ed)?\b/gu, (word) => (asked.words.includes('fail') ? '' : word));
  return isUsedUp(own, asked) ? { is: 'equal', than } : null;
}

function asList(asked: Asked): Compared | null {
  if (asked.quoted !== null || /\b(?:one|than|most|least)\b/u.test(asked.text)) return null;
  const rest = asked.text.replace(NONE_OF, ' ');
  if (!isUsedUp(rest, asked)) return null;
  return { is: rest === asked.text ? 'not-empty' : 'empty' };
}

function asText(asked: Asked): Compared | null {
  const { text, quoted } = asked;
  if (quoted === null) return null;
  if (CONTAINS.test(text)) return isUsedUp(text.replace(CONTAINS, ''), asked) ? { is: 'contains', than: quoted } : null;
  const found = IS_TEXT.exec(text);
  if (found === null || !isUsedUp(text.replace(IS_TEXT, ''), asked)) return null;
  return { is: found[1] === undefined ? 'equal' : 'not-equal', than: quoted };
}

function isUsedUp(rest: string, { words, place }: Asked): boolean {
  if (DENIES.test(rest) || /[<>=≤≥≠"]/u.test(rest)) return false;
  return goalWords(rest).every((word) => words.includes(word) || place.includes(word) || BESIDES.has(word));
}

const IS_ONE = /(?:^|(?:^| )(?:is|are|was|were|equals?|equal to|says|reads|==?))(?: ?\bnot)?$/u;

/** The one option of a member that has some, where it is what the words end with. */
export function asOption({ enum: options }: JsonObject, { text, quoted }: ConditionText): Compared | null {
  if (!Array.isArray(options)) return null;
  const said = quoted === null ? text : text.replace('""', quoted.toLowerCase());
  const named = options.filter((option) => typeof option === 'string' && hasWords(said, option.toLowerCase()));
  const [option] = named;
  if (named.length !== 1 || typeof option !== 'string' || !said.endsWith(option.toLowerCase())) return null;
  const before = said
    .slice(0, -option.length)
    .trimEnd()
    .replace(/(?:^| )(?:an?|the|exactly)$/u, '');
  const found = IS_ONE.exec(before);
  if (found === null) return null;
  const subject = before.slice(0, found.index);
  const isPlain = !DENIES.test(subject) && !/\p{N}|[<>≤≥≠]|\bthan\b/u.test(subject);
  return isPlain ? { is: found[0].endsWith('not') ? 'not-equal' : 'equal', than: option } : null;
}

/** It stands there as words of its own. */
function hasWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at !== -1 && words !== ''; at = text.indexOf(words, at + 1)) {
    const around = `${text.charAt(at - 1)}${text.charAt(at + words.length)}`;
    if (!/[\p{L}\p{N}]/u.test(around)) return true;
  }
  return false;
}
