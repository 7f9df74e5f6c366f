import type { Json } from '@baton/contracts';
import { toError } from '@baton/contracts';
import { Ajv2020, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

/** One thing wrong with a value or a schema: `pointer` is a JSON pointer into it, empty for the whole; `detail` completes "It …". */
export interface SchemaFinding {
  readonly pointer: string;
  readonly detail: string;
}

/** A person mends a few at a time; a list of sixty thousand items can have as many. */
const MOST_FINDINGS = 100;
const MOST_DETAIL = 1_000;

/**
 * Checks a JSON Schema of draft 2020-12 itself, as text, by compiling it. In a thread: some schemas take for ever.
 *
 * @returns what is wrong with it, by pointers into the schema; empty when it can be used
 */
export function checkSchema(schema: string): readonly SchemaFinding[] {
  const ajv = newAjv();
  const parsed = JSON.parse(schema);
  try {
    if (ajv.validateSchema(parsed) !== true) {
      // What fails every part of an anyOf is reported for each of them; that the whole failed adds nothing.
      return some((ajv.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf'));
    }
    // That it refers to itself without end shows only when it is used.
    ajv.compile(parsed)({});
    return [];
  } catch (thrown) {
    return [{ pointer: '', detail: `is not a schema that can be used: ${problemOf(thrown)}` }];
  }
}

interface Compiled {
  readonly schema: AnySchemaObject;
  /** How many parts it has. */
  readonly size: number;
  /** Finds all that is wrong, and the first thing that is; each is compiled where it is asked for. */
  all?: ValidateFunction;
  first?: ValidateFunction;
}

/** What was compiled, by the text of the schema: compiling costs milliseconds at best. Oldest first. */
const compiled = new Map<string, Compiled>();
const MOST_COMPILED = 50;

/** With more parts of the schema, times more values, all that may be wrong is more than can be held, for a hundred of it. */
const MOST_LOOKS_FOR_ALL = 200_000;

/** Characters that weigh as much as a value. */
const CHARACTERS_A_VALUE = 1_024;

/** How many values there are in a value, and long texts as several: counted no further than `most`. */
export function weightOf(value: Json, most: number): number {
  let weight = 0;
  const waiting: Json[] = [value];
  for (let next = waiting.pop(); next !== undefined && weight <= most; next = waiting.pop()) {
    weight += typeof next === 'string' ? 1 + next.length / CHARACTERS_A_VALUE : 1;
    if (Array.isArray(next) && next.length > most) return next.length;
    if (typeof next === 'object' && next !== null) for (const part of Object.values(next)) waiting.push(part);
  }
  return weight;
}

/**
 * Checks a value against a JSON Schema (2020-12; `format` is an annotation). In a thread: patterns, and what must be
 * unique, may take for ever. Of a large value only the first thing that is wrong is found.
 */
export function checkValue(schema: string, value: Json): readonly SchemaFinding[] {
  try {
    const fits = validatorFor(compiledOf(schema), value);
    // What fails the `then` of an `if` is reported by itself; that the whole failed adds nothing.
    return fits(value) ? [] : some((fits.errors ?? []).filter(({ keyword }) => keyword !== 'if'));
  } catch (thrown) {
    return [
      { pointer: '', detail: `cannot be checked, since its schema is not one that can be used: ${problemOf(thrown)}` },
    ];
  }
}

function compiledOf(text: string): Compiled {
  const known = compiled.get(text) ?? fresh(JSON.parse(text));
  compiled.delete(text);
  compiled.set(text, known);
  for (const oldest of compiled.keys()) if (compiled.size > MOST_COMPILED) compiled.delete(oldest);
  return known;
}

const fresh = (schema: AnySchemaObject): Compiled => ({ schema, size: weightOf(schema, MOST_LOOKS_FOR_ALL) });

function validatorFor(known: Compiled, value: Json): ValidateFunction {
  const most = Math.floor(MOST_LOOKS_FOR_ALL / known.size);
  if (weightOf(value, most) <= most) {
    known.all ??= newAjv().compile(known.schema);
    return known.all;
  }
  known.first ??= newAjv(false).compile(known.schema);
  return known.first;
}

/** A fresh one each time: two schemas may use the same `$id`. */
const newAjv = (allErrors = true): Ajv2020 =>
  new Ajv2020({ allErrors, strict: false, validateFormats: false, logger: false });

/** A reference to itself, with nothing in between, goes round until the stack is full. */
const problemOf = (thrown: unknown): string =>
  thrown instanceof RangeError ? 'it refers to itself without end' : toError(thrown).message.slice(0, MOST_DETAIL);

/** Points at the property that is missing or too much, not at the object around it. */
function toFinding({ keyword, instancePath, params, message }: ErrorObject): SchemaFinding {
  const below = (name: unknown): string =>
    `${instancePath}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  switch (keyword) {
    case 'required':
      return { pointer: below(params.missingProperty), detail: 'is required' };
    case 'additionalProperties':
      return { pointer: below(params.additionalProperty), detail: 'is not a known property' };
    case 'unevaluatedProperties':
      return { pointer: below(params.unevaluatedProperty), detail: 'is not a known property' };
    case 'enum':
      return { pointer: instancePath, detail: `must be one of ${shown(params.allowedValues)}` };
    case 'const':
      return { pointer: instancePath, detail: `must be ${shown(params.allowedValue)}` };
    default:
      return { pointer: instancePath, detail: message ?? `fails ${keyword}` };
  }
}

const shown = (value: unknown): string => JSON.stringify(value).slice(0, MOST_DETAIL);

/** Each once, and not too many. */
function some(errors: readonly ErrorObject[]): readonly SchemaFinding[] {
  const found = new Map<string, SchemaFinding>();
  for (const error of errors) {
    const finding = toFinding(error);
    found.set(`${finding.pointer} ${finding.detail}`, finding);
    if (found.size === MOST_FINDINGS) break;
  }
  return [...found.values()];
}
