import { isJsonObject, type Json, type JsonObject } from '@baton/asl';

/** What stands at a path of the input. */
export const inInput = (path: string, input: JsonObject): Json | undefined =>
  path.split('.').reduce<Json | undefined>(memberOf, input);

const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** The type of a value, as a schema says it. */
export const typeOf = (value: Json): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : typeof value;
