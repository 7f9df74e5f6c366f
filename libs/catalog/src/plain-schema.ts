import type { JsonObject } from '@baton/contracts';

/** Compiling a schema of so many values takes some milliseconds, and checking a value against it is one look at each. */
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

/** Whether a value can be checked against the schema in place: that takes no longer than to read it, whatever it is. */
export function isPlainSchema(schema: JsonObject): boolean {
  let values = 0;
  let branching = 0;
  const waiting: unknown[] = [schema];
  while (waiting.length > 0) {
    const next = waiting.pop();
    values += 1;
    if (values > MOST_VALUES || branching > MOST_BRANCHING) return false;
    if (typeof next !== 'object' || next === null) continue;
    for (const [name, value] of Object.entries(next)) {
      // A property may have any of these names: then the schema is only thought to be less plain than it is.
      if (COSTLY.has(name)) return false;
      if (BRANCHING.has(name)) branching += 1;
      waiting.push(value);
    }
  }
  return true;
}
