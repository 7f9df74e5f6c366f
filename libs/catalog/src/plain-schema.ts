import type { Json, JsonObject } from '@baton/contracts';
import { weightOf } from '@baton/threads';

/** Compiling a schema of so many values takes some milliseconds. */
const MOST_VALUES = 300;

/** What makes a check take longer than one look at each value, or a schema larger than it stands there. */
const COSTLY = new Set([
  'pattern',
  'patternProperties',
  'uniqueItems',
  '$ref',
  '$dynamicRef',
  '$id',
  'unevaluatedProperties',
  'unevaluatedItems',
  'contains',
  'dependentSchemas',
]);
/** What checks one value against several schemas: nested, they multiply. */
const BRANCHING = new Set(['oneOf', 'anyOf', 'allOf', 'not', 'if']);
const MOST_BRANCHING = 20;

/**
 * How large a schema is of which each part is looked at at most once for each value that is checked; null where that does not
 * hold.
 */
export function plainSize(schema: JsonObject): number | null {
  let values = 0;
  let branching = 0;
  const waiting: unknown[] = [schema];
  while (waiting.length > 0) {
    const next = waiting.pop();
    values += 1;
    if (values > MOST_VALUES || branching > MOST_BRANCHING) return null;
    if (typeof next !== 'object' || next === null) continue;
    for (const [name, value] of Object.entries(next)) {
      // A property may have any of these names: then the schema is only thought to be less plain than it is.
      if (COSTLY.has(name)) return null;
      if (BRANCHING.has(name)) branching += 1;
      waiting.push(value);
    }
  }
  return values;
}

/**
 * Each part of a schema may be looked at, and found wrong, for each value: so many of these are some milliseconds, and as many
 * findings some megabytes.
 */
const MOST_LOOKS = 20_000;

/** Whether a value is checked against a schema of a plain size in some milliseconds at most. */
export function isQuick(size: number, value: Json): boolean {
  const most = Math.floor(MOST_LOOKS / size);
  return weightOf(value, most) <= most;
}
