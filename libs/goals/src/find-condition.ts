import { isJsonObject, type Json, type JsonObject } from '@baton/asl';
import type { StepCondition } from '@baton/contracts';
import { type Before, membersOf } from './fill-arguments.js';
import { goalWords, wordsOfName } from './goal-words.js';

/*
 * `there are more than 100 words`, held against what earlier steps give and what the input has: which member is meant, and whether its
 * type lets it be compared so. Null where that is not plain; then a model is asked.
 */

type Is = StepCondition['is'];
type Condition = Omit<StepCondition, 'choice'>;

/** In this order: `no more than` is not `more than`. */
const COMPARED: readonly (readonly [RegExp, Is])[] = [
  [/\b(?:at most|no more than|not more than|maximum of|up to)\b|<=|≤/u, 'at-most'],
  [/\b(?:at least|no fewer than|no less than|minimum of)\b|>=|≥/u, 'at-least'],
  [/\b(?:fewer|less|lower|smaller|shorter|below|under)\b|</u, 'less'],
  [/\b(?:more|greater|higher|longer|larger|above|over|exceeds?)\b|>/u, 'more'],
];
const NOT = /\b(?:not|never|isn't|aren't|doesn't|don't|no longer)\b|!=|≠/u;
const NUMBER = /-?\d+(?:\.\d+)?/u;
const DEEPEST = 2;
const MOST_FIELDS = 400;

interface Field {
  readonly from: 'input' | 'step';
  readonly value: string;
  readonly schema: JsonObject;
  readonly words: readonly string[];
}

export function findCondition(
  says: string,
  { input, before }: { readonly input: JsonObject; readonly before: readonly Before[] },
): Condition | null {
  const asked = new Set(goalWords(says));
  const found = fieldsOf(input, before).flatMap((field) => {
    const read = readAs(field, says, asked);
    return read === null ? [] : [read];
  });
  const most = Math.max(0, ...found.map(({ hits }) => hits));
  const best = found.filter(({ hits }) => hits === most);
  const [first] = best;
  // Where two members are meant as well, the words do not say which.
  return first === undefined || best.length > 1 ? null : first.condition;
}

interface Compared {
  readonly is: Is;
  readonly than?: Json;
}

function readAs(
  { from, value, schema, words }: Field,
  says: string,
  asked: ReadonlySet<string>,
): { readonly condition: Condition; readonly hits: number } | null {
  const text = says.toLowerCase();
  const isNamed = words.length > 0 && words.every((word) => asked.has(word));
  const option = optionIn(schema, text);
  const same = NOT.test(text) ? 'not-equal' : 'equal';
  const read: Compared | null =
    option !== undefined ? { is: same, than: option } : isNamed ? comparedAs(schema, says, same) : null;
  if (read === null) return null;
  const than = read.than === undefined ? '' : JSON.stringify(read.than);
  const hits = (isNamed ? words.length : 0) + (option === undefined ? 0 : 1);
  return { condition: { is: read.is, from, value, than }, hits };
}

/** What the words say of a member of this type. */
function comparedAs(schema: JsonObject, says: string, same: 'equal' | 'not-equal'): Compared | null {
  const text = says.toLowerCase();
  const number = NUMBER.exec(text)?.[0];
  const isNot = same === 'not-equal';
  switch (schema.type) {
    case 'number':
    case 'integer':
      if (number === undefined) return null;
      return { is: COMPARED.find(([way]) => way.test(text))?.[1] ?? same, than: Number(number) };
    case 'boolean':
      return { is: 'equal', than: !(isNot || /\bfalse\b|\bfail/u.test(text)) };
    case 'array':
      if (number !== undefined) return null;
      return { is: isNot || /\b(?:no|none|empty|without)\b/u.test(text) ? 'empty' : 'not-empty' };
    case 'string': {
      const quoted = /["“'‘`]([^"“”'‘’`]{1,200})["”'’`]/u.exec(says)?.[1];
      if (quoted === undefined || Array.isArray(schema.enum)) return null;
      const isPart = /\b(?:contains?|mentions?|includes?|has)\b/u.test(text);
      if (isPart) return isNot ? null : { is: 'contains', than: quoted };
      return { is: same, than: quoted };
    }
    default:
      return null;
  }
}

/** The one option of a member that has some, where the words name it. */
function optionIn({ enum: options }: JsonObject, text: string): Json | undefined {
  if (!Array.isArray(options)) return undefined;
  const named = options.filter(
    (option) =>
      typeof option === 'string' &&
      new RegExp(`(?<![\\p{L}\\p{N}])${escaped(option.toLowerCase())}(?![\\p{L}\\p{N}])`, 'u').test(text),
  );
  return named.length === 1 ? named[0] : undefined;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function fieldsOf(input: JsonObject, before: readonly Before[]): readonly Field[] {
  const ofSteps = before
    .filter(({ output, isList }) => output !== null && isList !== true)
    .flatMap(({ name, output }) => deepFields('step', name, output ?? {}, 1));
  const ofInput = Object.entries(input)
    .filter(([name]) => !name.includes('.') && !name.includes('`'))
    .flatMap(([name, value]): readonly Field[] => {
      const schema = { type: typeOf(value) };
      return [{ from: 'input', value: name, schema, words: wordsOfName(name) }];
    });
  return [...ofSteps, ...ofInput].slice(0, MOST_FIELDS);
}

function deepFields(from: 'step', path: string, schema: JsonObject, depth: number): readonly Field[] {
  return membersOf(schema).flatMap(([name, member]) => {
    if (name.includes('.') || name.includes('`')) return [];
    const value = `${path}.${name}`;
    const own: Field = { from, value, schema: member, words: wordsOfName(name) };
    const inner = depth < DEEPEST && isJsonObject(member.properties) ? deepFields(from, value, member, depth + 1) : [];
    return [own, ...inner];
  });
}

const typeOf = (value: Json): string =>
  Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : typeof value;
