import type { Json, JsonObject } from '@baton/contracts';

/*
 * Structured output takes a part of JSON Schema: each value has a type, or is one of a few literals, and an object names
 * its members. What is more than that, such as bounds, moves into descriptions; what is less cannot be sent at all, and an
 * object without members would come back empty and look like an answer.
 */

/** What keeps a schema from being sent to a model, with its place; null where nothing does. */
export function unsendablePart(schema: JsonObject): string | null {
  const definitions = isObject(schema.$defs) ? schema.$defs : {};
  const known = new Set<string>();

  const inspect = (part: Json | undefined, place: string, around: readonly string[]): string | null => {
    if (!isObject(part)) return `${place} is ${JSON.stringify(part)}, which has no type`;
    if (typeof part.$ref === 'string') return follow(part.$ref, place, around);
    const below = partsBelow(part);
    if (below.length > 0) return firstProblem(below, ({ inner, at }) => inspect(inner, place + at, around));
    if (hasLiterals(part)) return null;
    if (part.type === undefined) return `${place} has no type`;
    const isOpen = part.type === 'object' && part.additionalProperties !== false;
    return isOpen ? `${place} is an object that names no members` : null;
  };

  const follow = (reference: string, place: string, around: readonly string[]): string | null => {
    const name = /^#\/\$defs\/([^/]+)$/.exec(reference)?.[1];
    if (name === undefined) return `${place} refers to ${reference}, and a reference leads to #/$defs only`;
    if (around.includes(name)) return `${place} refers to ${reference}, which contains itself`;
    if (known.has(name)) return null;
    known.add(name);
    return inspect(definitions[name], `/$defs/${name}`, [...around, name]);
  };

  return (
    inspect(schema, '', []) ??
    firstProblem(Object.keys(definitions), (name) => follow(`#/$defs/${name}`, `/$defs/${name}`, []))
  );
}

interface InnerPart {
  readonly inner: Json;
  readonly at: string;
}

/** What a part is made of, as it will be sent: its choices, or else its items or members. */
function partsBelow(part: JsonObject): readonly InnerPart[] {
  const choices = ['anyOf', 'oneOf', 'allOf'].find((keyword) => Array.isArray(part[keyword]));
  if (choices !== undefined) {
    return asList(part[choices]).map((inner, index) => ({ inner, at: `/${choices}/${index}` }));
  }
  if (part.type === 'array' && part.items !== undefined) return [{ inner: part.items, at: '/items' }];
  if (part.type !== 'object' || !isObject(part.properties)) return [];
  return Object.entries(part.properties).map(([name, inner]) => ({ inner, at: `/properties/${name}` }));
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asList = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

const isLiteral = (value: Json): boolean => value === null || typeof value !== 'object';

const hasLiterals = (part: JsonObject): boolean => {
  const values = asList(part.enum);
  return (values.length > 0 && values.every(isLiteral)) || (part.const !== undefined && isLiteral(part.const));
};

function firstProblem<T>(items: readonly T[], problemOf: (item: T) => string | null): string | null {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem !== null) return problem;
  }
  return null;
}
