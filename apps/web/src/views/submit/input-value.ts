import type { Json, JsonObject } from '@baton/contracts';
import { type Field, isObject, type Member } from './schema-fields.js';

/*
 * What the form holds is the input itself: a field that is empty is a member that is not there, so form and JSON are two ways
 * to look at one value, and the defaults stay the workflow's.
 */

export type Path = readonly (string | number)[];

/** The value at a place; undefined where there is none. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => {
    if (Array.isArray(inner) && typeof key === 'number') return inner[key];
    return isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined;
  }, value);
}

/** The same value with another at a place. Undefined takes it away, and objects above that have nothing else with it. */
export function withValueAt(value: JsonObject, path: Path, next: Json | undefined): JsonObject {
  const changed = changedAt(value, path, next);
  return isObject(changed) ? changed : {};
}

function changedAt(value: Json | undefined, [key, ...rest]: Path, next: Json | undefined): Json | undefined {
  if (key === undefined) return next;
  if (typeof key === 'number') {
    const items = Array.isArray(value) ? value : [];
    const inner = changedAt(items[key], rest, next);
    // An item that is empty is still one: it is taken away by its own button.
    if (inner === undefined && rest.length === 0) return items.filter((_, at) => at !== key);
    return Object.assign([...items], { [key]: inner ?? {} });
  }
  const members = isObject(value) ? Object.entries(value) : [];
  const inner = changedAt(isObject(value) ? valueAt(value, [key]) : undefined, rest, next);
  const others = members.filter(([name]) => name !== key);
  if (inner === undefined) return others.length === 0 ? undefined : Object.fromEntries(others);
  const isThere = members.some(([name]) => name === key);
  return Object.fromEntries(
    isThere ? members.map(([name, each]) => [name, name === key ? inner : each] as const) : [...members, [key, inner]],
  );
}

export const pointerOf = (path: Path): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** What a new item of a list begins as. */
export function emptyOf(field: Field): Json {
  switch (field.kind) {
    case 'text':
      return '';
    case 'number':
      return field.least ?? 0;
    case 'switch':
      return false;
    case 'choice':
      return field.options[0] ?? null;
    case 'list':
      return [];
    case 'object':
      return begunWith(field) ?? {};
    case 'one-of':
      return field.options[0] === undefined ? {} : emptyOf(field.options[0]);
    case 'json':
      return {};
  }
}

/**
 * Which of several forms a value has; the first where it has none yet.
 *
 * @param chosen the one that somebody chose: it stays so as long as the value can be of it
 */
export function optionOf(options: readonly Field[], value: Json | undefined, chosen = 0): number {
  const preferred = options[chosen];
  if (value === undefined || (preferred !== undefined && isOfForm(preferred, value))) return chosen;
  const found = options.findIndex((field) => isOfForm(field, value));
  return found === -1
    ? Math.max(
        0,
        options.findIndex((field) => isOfKind(field, value)),
      )
    : found;
}

/** Forms of objects are told apart by the members that they have, and by those that have one value only. */
function isOfForm(field: Field, value: Json): boolean {
  if (field.kind !== 'object' || !isObject(value)) return isOfKind(field, value);
  return Object.entries(value).every(([name, given]) => {
    const member = field.members.find((each) => each.name === name)?.field;
    return member !== undefined && (member.kind !== 'choice' || isOfKind(member, given));
  });
}

/** What a form has from the beginning: the members that can have one value only. Undefined where that is nothing. */
export function begunWith(field: Field): Json | undefined {
  if (field.kind === 'choice') return field.options.length === 1 ? field.options[0] : undefined;
  if (field.kind !== 'object') return undefined;
  const members = field.members.flatMap(({ name, field: member }) => {
    const value = member.isRequired ? begunWith(member) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function isOfKind(field: Field, value: Json): boolean {
  switch (field.kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'switch':
      return typeof value === 'boolean';
    case 'choice':
      return field.options.some((each) => JSON.stringify(each) === JSON.stringify(value));
    case 'list':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'one-of':
    case 'json':
      return true;
  }
}

export interface Wrong {
  readonly pointer: string;
  readonly detail: string;
}

/** What a look at the form finds; the gateway has the whole schema, and finds the rest. */
export function problemsIn(members: readonly Member[], value: Json | undefined, path: Path = []): readonly Wrong[] {
  return members.flatMap(({ name, field }) => {
    const here = [...path, name];
    const given = valueAt(value, [name]);
    if (given === undefined) return field.isRequired ? [{ pointer: pointerOf(here), detail: 'is required' }] : [];
    return problemsOf(field, given, here);
  });
}

function problemsOf(field: Field, value: Json, path: Path): readonly Wrong[] {
  const wrong = (detail: string): readonly Wrong[] => [{ pointer: pointerOf(path), detail }];
  if (field.kind === 'one-of') {
    const option = field.options[optionOf(field.options, value)];
    return option === undefined ? [] : problemsOf(option, value, path);
  }
  if (!isOfKind(field, value)) return wrong(`must be ${WANTED[field.kind]}`);
  if (field.kind === 'object') return problemsIn(field.members, value, path);
  if (field.kind === 'list' && Array.isArray(value)) {
    const many = field.most !== null && value.length > field.most ? wrong(`must have at most ${field.most} items`) : [];
    return [...many, ...value.flatMap((each, at) => problemsOf(field.item, each, [...path, at]))];
  }
  if (field.kind === 'number' && typeof value === 'number') return numberProblems(field, value).flatMap(wrong);
  if (field.kind === 'text' && typeof value === 'string' && field.most !== null && value.length > field.most)
    return wrong(`must have at most ${field.most} characters`);
  return [];
}

const WANTED = {
  ...{ text: 'a text', number: 'a number', switch: 'true or false', choice: 'one of the choices' },
  ...{ list: 'a list', object: 'an object', json: 'JSON' },
} as const;

function numberProblems(
  { isWhole, least, most }: Extract<Field, { readonly kind: 'number' }>,
  value: number,
): readonly string[] {
  return [
    ...(isWhole && !Number.isInteger(value) ? ['must be a whole number'] : []),
    ...(least !== null && value < least ? [`must be at least ${least}`] : []),
    ...(most !== null && value > most ? [`must be at most ${most}`] : []),
  ];
}
