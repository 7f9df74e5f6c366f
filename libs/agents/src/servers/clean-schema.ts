import { isNestedWithin, type Json, type JsonObject } from '@baton/contracts';

const MOST_SCHEMA = 20_000;
const MOST_LEVELS = 30;

/** A schema of a server as it can be sent to a model, with how long it is. */
export interface SentSchema {
  readonly schema: JsonObject;
  readonly characters: number;
}

/**
 * A schema of a server without what nobody may see, wherever it stands in it; null where it cannot be sent: it is none of an
 * object, or is too large.
 */
export function cleanSchema(schema: JsonObject, clean: (text: string) => string): SentSchema | null {
  if (schema.type !== 'object' || !isNestedWithin(schema, MOST_LEVELS)) return null;
  const { length } = JSON.stringify(schema);
  if (length > MOST_SCHEMA) return null;
  return { schema: cleanObject(schema, clean), characters: length };
}

function cleaned(value: Json, clean: (text: string) => string): Json {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((each: Json) => cleaned(each, clean));
  return typeof value === 'object' && value !== null ? cleanObject(value as JsonObject, clean) : value;
}

const cleanObject = (object: JsonObject, clean: (text: string) => string): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [clean(key), cleaned(value, clean)]));
