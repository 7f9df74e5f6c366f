import { isJsonObject, type Json, type JsonObject } from '@baton/asl';
import type { StepArgument, StepList } from '@baton/contracts';
import {
  alternativesOf,
  type Before,
  type Filled,
  fillArguments,
  fitsType,
  membersOf,
  pathOf,
  SAYS_THE_GOAL,
  stringsIn,
  type ToFillWith,
  takes,
} from './fill-arguments.js';
import { wordsOfName } from './goal-words.js';
import { typeOf } from './input-values.js';

/*
 * Something takes one text, and there are many: it is done once for each. Which list that is has to be plain from its name, or
 * from the words `each` or `every` and there being no other.
 */

/** How it can be called for each item of a list, or null where no list is plainly meant. */
export function fillForEach(schema: JsonObject, given: ToFillWith): Filled | null {
  const isSaid = /\b(?:each|every)\b|\ball (?:of )?(?:the|these|those|my|our)\b/iu.test(given.part);
  const one = alternativesOf(schema)[0] ?? schema;
  const open = openMembers(one, isSaid || given.before.at(-1)?.isList === true ? {} : given.input);
  const fits = listsIn(given)
    .map((list) => ({ list, args: argumentsFrom(list, open, isSaid) }))
    .filter(({ args }) => args.length > 0);
  const named = fits.filter(({ list, args }) => args.some(({ name }) => isPluralOf(list.value, name)));
  const chosen = named.length > 0 ? named : fits;
  const [only] = chosen;
  if (only === undefined || chosen.length > 1) return null;
  const taken = new Set(only.args.map(({ name }) => name));
  const rest = fillArguments(without(one, taken), given);
  if (!rest.ok) return null;
  const { from, value } = only.list;
  return { ok: true, each: { from, value }, arguments: [...only.args, ...rest.arguments] };
}

interface List extends StepList {
  /** What is known of an item. */
  readonly item: JsonObject;
  /** Nothing but the list is there to work on: what was just made of many is meant. */
  readonly isMeant: boolean;
}

function listsIn({ input, before }: ToFillWith): readonly List[] {
  const last = before.at(-1);
  if (last?.isList === true) return [{ from: 'step', value: last.name, item: last.output ?? {}, isMeant: true }];
  const made = last === undefined || last.output === null ? [] : membersOf(last.output);
  const ofLast = made
    .filter(([, { type }]) => type === 'array')
    .map(
      ([name, { items }]): List => ({
        from: 'step',
        value: `${last?.name}.${name}`,
        item: asSchema(items),
        isMeant: false,
      }),
    );
  const ofInput = Object.entries(input).flatMap(([name, value]): readonly List[] => {
    const isList = Array.isArray(value) && value.length > 0 && !/[.`]/u.test(name);
    return isList ? [{ from: 'input', value: name, item: itemOf(value), isMeant: false }] : [];
  });
  return [...ofLast, ...ofInput];
}

const asSchema = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** What all items are: of one type, or nothing is said. */
function itemOf(values: readonly Json[]): JsonObject {
  const types = new Set(values.map(typeOf));
  const [type] = types;
  if (types.size !== 1 || type === undefined) return {};
  if (type !== 'object') return { type };
  const objects = values.filter(isJsonObject);
  const names = Object.keys(objects[0] ?? {}).filter((name) => objects.every((each) => Object.hasOwn(each, name)));
  return {
    type,
    properties: Object.fromEntries(names.map((name) => [name, { type: typeOf(objects[0]?.[name] ?? null) }])),
  };
}

type Members = readonly (readonly [string, JsonObject])[];

/** What has to be given, and the input does not give under its own name. */
function openMembers(schema: JsonObject, input: JsonObject): Members {
  const required = new Set(stringsIn(schema.required));
  return membersOf(schema).filter(([name, member]) => {
    const isFixed = member.const !== undefined || Array.isArray(member.enum);
    const isGiven = Object.hasOwn(input, name) && fitsType(member, input[name] ?? null);
    return required.has(name) && !isFixed && !isGiven && !takes(member, 'array');
  });
}

function argumentsFrom({ value, item, isMeant }: List, open: Members, isSaid: boolean): readonly StepArgument[] {
  const inside = membersOf(item).map(([name]) => name);
  const byName = open.filter(
    ([name, member]) => inside.includes(name) && (item.type !== 'object' || isMeant || takesType(member, item, name)),
  );
  if (byName.length > 0 && (isSaid || isMeant || byName.length === open.length)) {
    return byName.map(([name]) => ({ name, from: 'item', value: name }));
  }
  const whole = open.filter(([name, member]) => {
    const isPlural = isPluralOf(value, name);
    const isAbout = wordsOfName(name).some((word) => SAYS_THE_GOAL.has(word));
    if (item.type === undefined ? !isMeant : !takes(member, String(item.type)) && !isMeant) return false;
    return isPlural || ((isSaid || isMeant) && (isAbout || open.length === 1));
  });
  const best = whole.find(([name]) => isPluralOf(value, name)) ?? whole[0];
  if (best === undefined) return [];
  const [name, member] = best;
  const path = isMeant ? pathOf({ name: 'Item', output: item } satisfies Before, member) : 'Item';
  return path === null ? [] : [{ name, from: 'item', value: path.split('.').slice(1).join('.') }];
}

function takesType(member: JsonObject, item: JsonObject, name: string): boolean {
  const type = membersOf(item).find(([each]) => each === name)?.[1].type;
  return typeof type !== 'string' || takes(member, type);
}

/** `texts` of `text`, also `Split.texts`. */
function isPluralOf(list: string, name: string): boolean {
  const last = list.split('.').at(-1) ?? '';
  return last !== name && wordsOfName(last).join(' ') === wordsOfName(name).join(' ');
}

function without(schema: JsonObject, taken: ReadonlySet<string>): JsonObject {
  const properties = Object.fromEntries(membersOf(schema).filter(([name]) => !taken.has(name)));
  return { ...schema, properties, required: stringsIn(schema.required).filter((name) => !taken.has(name)) };
}
