import type { Json, JsonObject } from '@baton/contracts';

/*
 * Places within a JSON value: a JSON pointer (RFC 6901) in which a part `*` stands for every item of a list, or every member of
 * an object. What has no such place is left as it is.
 */

const partsOf = (pointer: string): readonly string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The value at a pointer without `*`; undefined where there is none. */
export function valueAt(json: Json, pointer: string): Json | undefined {
  let value: Json | undefined = json;
  for (const part of partsOf(pointer)) value = value === undefined ? undefined : memberOf(value, part);
  return value;
}

function memberOf(value: Json, part: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(part) ? value[Number(part)] : undefined;
  return Object.hasOwn(value, part) ? (value as JsonObject)[part] : undefined;
}

/** A copy in which what stands at the pointers is what `change` makes of it. The same value where nothing stands there. */
export const changeAt = (json: Json, pointers: readonly string[], change: (value: Json) => Json): Json =>
  pointers.reduce((value, pointer) => changed(value, partsOf(pointer), change), json);

function changed(value: Json, [part, ...rest]: readonly string[], change: (value: Json) => Json): Json {
  if (part === undefined) return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (part !== '*') {
    const member = memberOf(value, part);
    if (member === undefined) return value;
    const other = changed(member, rest, change);
    return other === member ? value : withMember(value, part, other);
  }
  return eachMember(value, (member) => changed(member, rest, change));
}

function withMember(value: readonly Json[] | JsonObject, part: string, other: Json): Json {
  if (isList(value)) return value.with(Number(part), other);
  // Not spread: a member may be called __proto__.
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, name === part ? other : member]));
}

/** A copy with every member changed; the same value where none was. */
export function eachMember(value: readonly Json[] | JsonObject, change: (member: Json) => Json): Json {
  if (isList(value)) {
    const items = value.map(change);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const members = Object.entries(value).map(([name, member]) => [name, member, change(member)] as const);
  if (members.every(([, before, after]) => before === after)) return value;
  return Object.fromEntries(members.map(([name, , after]) => [name, after]));
}

const isList = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value);
