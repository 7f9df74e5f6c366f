import { isJsonObject, type Json, type JsonObject } from '@baton/asl';

/*
 * So much of a JSON Schema as tells somebody who composes what a value is. A catalog goes into a log and before a model, with the
 * schemas of everything that there is.
 */

const DEEPEST = 4;
const MOST_TEXT = 200;
const MOST_OF_A_KIND = 40;

export function slimSchema(schema: JsonObject, depth = 0): JsonObject {
  const made: Record<string, Json> = {};
  for (const [name, value] of Object.entries(schema)) {
    const slim = slimMember(name, value, depth);
    if (slim !== undefined) made[name] = slim;
  }
  return made;
}

function slimMember(name: string, value: Json, depth: number): Json | undefined {
  switch (name) {
    case 'type':
    case 'required':
      return Array.isArray(value) ? value.slice(0, MOST_OF_A_KIND) : value;
    case 'description':
    case 'title':
      return typeof value === 'string' ? value.replace(/\s+/g, ' ').slice(0, MOST_TEXT) : undefined;
    case 'const':
    case 'default':
    case 'enum':
      return JSON.stringify(value).length <= MOST_TEXT * 4 ? value : undefined;
    case 'additionalProperties':
      return typeof value === 'boolean' ? value : undefined;
    case 'properties':
      if (depth >= DEEPEST || !isJsonObject(value)) return undefined;
      return Object.fromEntries(
        Object.entries(value)
          .slice(0, MOST_OF_A_KIND)
          .flatMap(([member, each]) => (isJsonObject(each) ? [[member, slimSchema(each, depth + 1)]] : [])),
      );
    case 'items':
      return depth < DEEPEST && isJsonObject(value) ? slimSchema(value, depth + 1) : undefined;
    case 'anyOf':
    case 'oneOf':
      if (depth >= DEEPEST || !Array.isArray(value)) return undefined;
      return value
        .filter(isJsonObject)
        .slice(0, 4)
        .map((each) => slimSchema(each, depth + 1));
    default:
      return undefined;
  }
}
