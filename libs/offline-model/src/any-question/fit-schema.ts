import { type Json, JsonObject, TerminalError } from '@baton/contracts';
import { createExcerpts, type Excerpts } from './excerpts.js';

/** Beyond this depth only what must be there is answered, so that a schema that contains itself comes to an end. */
const FULL_DEPTH = 6;
const MAX_DEPTH = 60;
const USUAL_ITEMS = 3;
const USUAL_RANGE = 10;

/**
 * What an answer may take. The schema is somebody's, and a short one can ask for a great deal: a list of a billion, parts
 * that each name another one twice.
 */
const MAX_WORK = 200_000;
const MAX_CHARACTERS = 1_000_000;

interface Fit {
  readonly root: JsonObject;
  readonly excerpts: Excerpts;
  /** What was taken so far. */
  readonly taken: { work: number; characters: number };
}

function take({ taken }: Fit, place: Place, work: number, characters = 0): void {
  taken.work += work;
  taken.characters += characters;
  if (taken.work > MAX_WORK || taken.characters > MAX_CHARACTERS)
    throw unfit(place, 'it asks for more than a person would read');
}

/** Where in the answer a value stands: what it is called, and how deep. */
interface Place {
  readonly name: string;
  readonly depth: number;
}

/**
 * A value that fits a JSON Schema, made of a text: an option is chosen by the text's words, a string is an excerpt, a
 * number lies within its bounds. The same schema and text always give the same value. It knows types, bounds, `enum`,
 * `const`, `$ref` within the schema, `anyOf`, `oneOf` and `allOf`; not `not`, `if` and their like.
 * Throws TerminalError `offline-unfit-schema` where it finds nothing that fits.
 */
export function fitSchema(schema: JsonObject, text: string): Json {
  const context = { root: schema, excerpts: createExcerpts(text), taken: { work: 0, characters: 0 } };
  return fit(context, schema, { name: '', depth: 0 });
}

function fit(context: Fit, given: Json | undefined, place: Place): Json {
  if (place.depth > MAX_DEPTH) throw unfit(place, 'it contains itself without an end');
  take(context, place, 1);
  const schema = resolved(context, given, place);
  if (schema.const !== undefined) return schema.const;
  if (isList(schema.enum)) return chosen(context, schema, schema.enum, place);
  const branches = isList(schema.anyOf) ? schema.anyOf : schema.oneOf;
  if (isList(branches)) return fit(context, chosenBranch(context, branches, place), deeper(place, place.name));
  switch (typeOf(schema)) {
    case 'object':
      return fitObject(context, schema, place);
    case 'array':
      return fitArray(context, schema, place);
    case 'integer':
    case 'number':
      return fitNumber(context, schema, place);
    case 'boolean':
      return context.excerpts.mentions(`${place.name} ${textOf(schema.description)}`);
    case 'null':
      return null;
    default:
      return fitString(context, schema, place);
  }
}

/** The schema with what it refers to and all of its `allOf` in one object. */
function resolved(context: Fit, given: Json | undefined, place: Place): JsonObject {
  if (given === false) throw unfit(place, 'it allows nothing');
  if (place.depth > MAX_DEPTH) throw unfit(place, 'it contains itself without an end');
  take(context, place, 1);
  const schema = asObject(given);
  if (typeof schema.$ref === 'string') {
    const { $ref, ...others } = schema;
    const target = pointedAt(context.root, $ref);
    if (target === undefined) throw unfit(place, `${$ref} is not in the schema`);
    return resolved(context, { ...asObject(target), ...others }, deeper(place, place.name));
  }
  if (!isList(schema.allOf)) return schema;
  const { allOf, ...own } = schema;
  return allOf.map((part) => resolved(context, part, deeper(place, place.name))).reduce(merged, own);
}

const merged = (one: JsonObject, other: JsonObject): JsonObject => ({
  ...one,
  ...other,
  properties: { ...asObject(one.properties), ...asObject(other.properties) },
  required: [...listOf(one.required), ...listOf(other.required)],
});

function pointedAt(root: JsonObject, ref: string): Json | undefined {
  if (!ref.startsWith('#')) return undefined;
  const steps = ref.slice(1).split('/').slice(1);
  return steps.reduce<Json | undefined>((at, step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return isList(at) ? at[Number(key)] : asObject(at)[key];
  }, root);
}

function chosen({ excerpts }: Fit, schema: JsonObject, options: readonly Json[], place: Place): Json {
  if (options.length === 0) throw unfit(place, 'its enum is empty');
  const index = excerpts.choose(options.map((option) => ({ name: textOf(option), about: textOf(schema.description) })));
  return options[index] ?? null;
}

/** Branches that are constants are options with a description each; of others the first one is taken, deep down the last. */
function chosenBranch({ excerpts }: Fit, branches: readonly Json[], { depth }: Place): Json | undefined {
  const constants = branches.map((branch) => asObject(branch).const);
  if (constants.some((value) => value === undefined)) return depth < FULL_DEPTH ? branches[0] : branches.at(-1);
  const options = branches.map((branch, index) => {
    const name = textOf(constants[index]);
    return { name, about: `${name}: ${textOf(asObject(branch).description)}` };
  });
  return branches[excerpts.choose(options)];
}

function fitObject(context: Fit, schema: JsonObject, place: Place): Json {
  const properties = asObject(schema.properties);
  const required = listOf(schema.required).filter((name) => typeof name === 'string');
  const optional = place.depth < FULL_DEPTH ? Object.keys(properties) : [];
  const names = [...new Set([...optional, ...required])];
  return Object.fromEntries(
    names.map((name) => [name, fit(context, properties[name] ?? schema.additionalProperties, deeper(place, name))]),
  );
}

function fitArray(context: Fit, schema: JsonObject, place: Place): Json {
  const first = listOf(schema.prefixItems);
  const least = numberOr(schema.minItems, 0);
  const usual = schema.items === false ? first.length : Math.min(USUAL_ITEMS, context.excerpts.count);
  const wanted = place.depth < FULL_DEPTH ? Math.max(usual, first.length, least) : least;
  const count = Math.min(wanted, numberOr(schema.maxItems, wanted));
  const items: Json[] = [];
  const seen = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    const item = fit(context, first[index] ?? schema.items, deeper(place, place.name));
    const text = JSON.stringify(item);
    if (schema.uniqueItems === true && seen.has(text)) continue;
    seen.add(text);
    items.push(item);
  }
  return items;
}

function fitNumber({ excerpts }: Fit, schema: JsonObject, place: Place): number {
  const step = numberOr(schema.multipleOf, typeOf(schema) === 'integer' ? 1 : 0.01);
  const low = Math.max(numberOr(schema.minimum, -Infinity), above(schema.exclusiveMinimum, step));
  const high = Math.min(numberOr(schema.maximum, Infinity), -above(negated(schema.exclusiveMaximum), step));
  const from = low > -Infinity ? low : Math.min(0, high);
  const to = high < Infinity ? high : Math.max(from, 0) + USUAL_RANGE;
  const [first, last] = [Math.ceil(from / step - TINY), Math.floor(to / step + TINY)];
  if (first > last) return from <= to ? from : fail(unfit(place, 'no number lies within its bounds'));
  const steps = first + Math.floor(excerpts.share(place.name) * (last - first + 1));
  return Number((Math.min(steps, last) * step).toPrecision(12));
}

const TINY = 1e-9;
const negated = (bound: Json | undefined): Json | undefined => (typeof bound === 'number' ? -bound : bound);
const above = (bound: Json | undefined, step: number): number =>
  typeof bound === 'number' ? (Math.floor(bound / step + TINY) + 1) * step : -Infinity;

function fitString(context: Fit, schema: JsonObject, place: Place): string {
  const { excerpts } = context;
  const least = numberOr(schema.minLength, 0);
  // Before anything is made: each sentence is looked at, and one that is too short is made longer.
  take(context, place, excerpts.count, schema.pattern === undefined ? least : least * excerpts.count);
  const most = numberOr(schema.maxLength, Math.max(least, 200));
  const found = excerpts.find(
    `${place.name} ${textOf(schema.description)}`,
    { least, most },
    {
      format: textOf(schema.format),
      pattern: textOf(schema.pattern),
    },
  );
  if (found === null) throw unfit(place, 'no excerpt has its format, pattern and length');
  take(context, place, 0, found.length);
  return found;
}

const unfit = ({ name }: Place, reason: string): TerminalError =>
  new TerminalError(`The offline model finds no ${name === '' ? 'answer' : `“${name}”`} for the schema: ${reason}.`, {
    code: 'offline-unfit-schema',
    next: 'Set ANTHROPIC_API_KEY to have a language model answer, or make the schema simpler.',
  });

function fail(error: Error): never {
  throw error;
}

const deeper = ({ depth }: Place, name: string): Place => ({ name, depth: depth + 1 });
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
const numberOr = (value: Json | undefined, absent: number): number => (typeof value === 'number' ? value : absent);
const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

function asObject(value: Json | undefined): JsonObject {
  const object = JsonObject.safeParse(value);
  return object.success ? object.data : {};
}

function typeOf(schema: JsonObject): string {
  const types = listOf(schema.type).filter((type) => type !== 'null');
  if (typeof schema.type === 'string') return schema.type;
  if (types.length > 0) return textOf(types[0]);
  if (isList(schema.type)) return 'null';
  if (schema.properties !== undefined || schema.required !== undefined) return 'object';
  return schema.items === undefined && schema.prefixItems === undefined ? 'string' : 'array';
}
