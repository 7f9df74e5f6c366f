import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@baton/contracts';

/*
 * Two workers of a kind take each other's tasks, whoever is there. So what one of them takes the other has to take, and has to
 * give what was expected of the first. Of the two schemas only that counts which shows a value that is lost: where that cannot
 * be seen, as with two patterns, they are taken to be fit, since a worker that is refused for nothing is worse.
 */

/** How deep schemas are compared, which may name themselves. */
const DEEPEST = 20;
/** And in how many steps. Whoever may announce a worker says what is compared, and branches of branches have no end. */
const MOST_STEPS = 10_000;

interface Sides {
  readonly narrow: JsonObject;
  readonly wide: JsonObject;
  /** Whether the wide one refuses members that it does not name. */
  readonly isClosed: boolean;
  /** Counts what was looked at, and says whether that is enough. */
  readonly isSpent: (steps: number) => boolean;
}

interface Shapes {
  readonly input: JsonObject | null;
  readonly output: JsonObject | null;
}

/** Why a worker cannot work beside one that was there before; null where nothing speaks against it. */
export function explainOdds(earlier: Shapes, later: Shapes): string | null {
  const input = lost(earlier.input, later.input, true);
  if (input !== null) return `it does not take arguments that they take: ${input}`;
  const output = lost(later.output, earlier.output, false);
  return output === null ? null : `it gives what they do not: ${output}`;
}

function lost(narrow: JsonObject | null, wide: JsonObject | null, isClosed: boolean): string | null {
  if (narrow === null || wide === null) return null;
  let done = 0;
  const isSpent = (steps: number): boolean => {
    done += steps;
    return done > MOST_STEPS;
  };
  return lostAt(narrow, wide, { sides: { narrow, wide, isClosed, isSpent }, path: '', depth: 0 });
}

interface Place {
  readonly sides: Sides;
  readonly path: string;
  readonly depth: number;
}

const below = ({ sides, path, depth }: Place, step: string): Place => ({
  sides,
  path: `${path}/${step}`,
  depth: depth + 1,
});

/** A value of the narrow schema that the wide one does not describe, in words; null where none is seen. */
function lostAt(narrowAt: unknown, wideAt: unknown, place: Place): string | null {
  if (place.sides.isSpent(1)) return null;
  const narrow = resolved(narrowAt, place.sides.narrow);
  const wide = resolved(wideAt, place.sides.wide);
  if (narrow === null || wide === null || place.depth > DEEPEST || isDeepStrictEqual(narrow, wide)) return null;
  const branches = branchesOf(narrow);
  if (branches !== null) return first(branches, (branch) => lostAt(branch, wide, { ...place, depth: place.depth + 1 }));
  const choices = branchesOf(wide);
  if (choices !== null) {
    const reasons = choices.map((choice) => lostAt(narrow, choice, { ...place, depth: place.depth + 1 }));
    return reasons.includes(null) ? null : (reasons[0] ?? null);
  }
  return (
    lostByType(narrow, wide, place) ??
    lostByValue(narrow, wide, place) ??
    lostByBound(narrow, wide, place) ??
    lostByMember(narrow, wide, place) ??
    (narrow.items === undefined || wide.items === undefined
      ? null
      : lostAt(narrow.items, wide.items, below(place, 'items')))
  );
}

const at = ({ path }: Place): string => (path === '' ? 'the value' : path);
/** A part of a schema, and so JSON: looked at again in each step, it would cost more than the step. */
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asObject = (value: unknown): JsonObject | null => (isObject(value) ? value : null);
const asList = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? value : null);

function first<T>(list: readonly T[], find: (each: T) => string | null): string | null {
  for (const each of list) {
    const found = find(each);
    if (found !== null) return found;
  }
  return null;
}

/** A schema that says where it stands is the one that stands there. */
function resolved(schema: unknown, root: JsonObject): JsonObject | null {
  const found = asObject(schema);
  if (found === null || typeof found.$ref !== 'string') return found;
  const steps = found.$ref.split('/').slice(1);
  return asObject(steps.reduce<unknown>((value, step) => asObject(value)?.[step], root));
}

const branchesOf = ({ anyOf, oneOf }: JsonObject): readonly unknown[] | null => asList(anyOf) ?? asList(oneOf);

function typesOf({ type, enum: values, const: value }: JsonObject): readonly string[] | null {
  if (typeof type === 'string') return [type];
  const types = asList(type)?.map(String);
  if (types !== undefined) return types;
  const given = asList(values) ?? (value === undefined ? null : [value]);
  return given?.map((each) => (each === null ? 'null' : Array.isArray(each) ? 'array' : typeof each)) ?? null;
}

function lostByType(narrow: JsonObject, wide: JsonObject, place: Place): string | null {
  const [given, taken] = [typesOf(narrow), typesOf(wide)];
  if (given === null || taken === null) return null;
  const isTaken = (type: string): boolean => taken.includes(type) || (type === 'integer' && taken.includes('number'));
  const other = given.find((type) => !isTaken(type));
  return other === undefined ? null : `${at(place)} may be of type ${other}, and has to be ${taken.join(' or ')}`;
}

const valuesOf = ({ enum: values, const: value }: JsonObject): readonly unknown[] | null =>
  asList(values) ?? (value === undefined ? null : [value]);

function lostByValue(narrow: JsonObject, wide: JsonObject, place: Place): string | null {
  const taken = valuesOf(wide);
  if (taken === null) return null;
  const given = valuesOf(narrow);
  if (given === null) return typesOf(narrow) === null ? null : `${at(place)} may be any, and has to be one of a list`;
  if (place.sides.isSpent(given.length)) return null;
  const other = given.find((value) => !taken.some((each) => isDeepStrictEqual(each, value)));
  return other === undefined ? null : `${at(place)} may be ${JSON.stringify(other)}`;
}

const LEAST = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const;
const MOST = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const;

function lostByBound(narrow: JsonObject, wide: JsonObject, place: Place): string | null {
  if (valuesOf(narrow) !== null) return null;
  const isBeyond = (name: string, isTighter: (given: number, taken: number) => boolean): boolean => {
    const [given, taken] = [narrow[name], wide[name]];
    return typeof taken === 'number' && (typeof given !== 'number' || isTighter(given, taken));
  };
  const bound =
    LEAST.find((name) => isBeyond(name, (given, taken) => given < taken)) ??
    MOST.find((name) => isBeyond(name, (given, taken) => given > taken)) ??
    (['pattern', 'format'] as const).find((name) => wide[name] !== undefined && narrow[name] === undefined);
  return bound === undefined ? null : `${at(place)} has a ${bound} of ${String(wide[bound])} that it did not have`;
}

function lostByMember(narrow: JsonObject, wide: JsonObject, place: Place): string | null {
  const given = asObject(narrow.properties) ?? {};
  const taken = asObject(wide.properties) ?? {};
  const isSure = new Set(asList(narrow.required) ?? []);
  const missing = (asList(wide.required) ?? []).map(String).find((name) => !isSure.has(name));
  if (missing !== undefined) return `${below(place, missing).path} is required, and may be missing`;
  return first(Object.keys(given), (name) => {
    if (taken[name] !== undefined) return lostAt(given[name], taken[name], below(place, name));
    const isRefused = place.sides.isClosed && wide.additionalProperties === false;
    return isRefused ? `${below(place, name).path} is not known` : null;
  });
}
