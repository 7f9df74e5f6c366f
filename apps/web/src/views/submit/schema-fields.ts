import type { Json, JsonObject } from '@baton/contracts';

/*
 * The fields of a form, made from a JSON Schema. What a form cannot show is written as JSON, for that member alone. The
 * schema stays what an input is held to: the gateway checks it whole.
 */

interface Said {
  readonly label: string;
  readonly description: string | null;
  readonly isRequired: boolean;
  /** What holds where nothing is given. */
  readonly fallback: Json | undefined;
  readonly examples: readonly Json[];
}

export type Field = Said &
  (
    | {
        readonly kind: 'text';
        readonly isLong: boolean;
        readonly most: number | null;
        /** What the text is, as `date` or `email`. */
        readonly format: string | null;
      }
    | {
        readonly kind: 'number';
        readonly isWhole: boolean;
        readonly least: number | null;
        readonly most: number | null;
      }
    | { readonly kind: 'switch' }
    | { readonly kind: 'choice'; readonly options: readonly Json[] }
    | { readonly kind: 'list'; readonly item: Field; readonly most: number | null }
    | { readonly kind: 'object'; readonly members: readonly Member[] }
    | { readonly kind: 'one-of'; readonly options: readonly Field[] }
    | { readonly kind: 'json' }
  );

export interface Member {
  readonly name: string;
  readonly field: Field;
}

/** Deeper than this nobody fills in a form, and a schema may refer to itself. */
const DEEP = 6;
const LONG = 1_000;
const SHORT = 300;
const LONG_NAMES = /(content|text|body|description|requirements?|goal|prompt|question|message|notes?)$/i;

/** The members of the input of a workflow. */
export function fieldsOf(schema: JsonObject): readonly Member[] {
  const field = fieldOf({ schema, root: schema, name: '', isRequired: true, depth: 0 });
  return field.kind === 'object' ? field.members : [];
}

interface Place {
  readonly schema: Json | undefined;
  readonly root: JsonObject;
  readonly name: string;
  readonly isRequired: boolean;
  readonly depth: number;
}

function fieldOf(place: Place): Field {
  const schema = resolved(place.schema, place.root);
  const said: Said = {
    label: textIn(schema.title) ?? place.name,
    description: textIn(schema.description),
    isRequired: place.isRequired,
    fallback: schema.default,
    examples: Array.isArray(schema.examples) ? schema.examples : [],
  };
  if (place.depth > DEEP) return { ...said, kind: 'json' };
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return { ...said, kind: 'choice', options: schema.enum };
  if (schema.const !== undefined) return { ...said, kind: 'choice', options: [schema.const] };
  // Of several types it has the forms of each.
  if (Array.isArray(schema.type)) {
    const bare = Object.fromEntries(Object.entries(schema).filter(([name]) => !SAID_ONCE.has(name)));
    const [form, ...others] = schema.type.map((type) => ({ ...bare, type }));
    if (form === undefined) return { ...said, kind: 'json' };
    return others.length === 0
      ? fieldOf({ ...place, schema: { ...schema, ...form } })
      : { ...said, ...oneOfThese([form, ...others], place) };
  }
  const branches = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(branches) && schema.type === undefined) return { ...said, ...oneOfThese(branches, place) };
  switch (schema.type) {
    case 'string':
      return {
        ...{ ...said, kind: 'text', isLong: isLong(schema, place) },
        ...{ most: numberIn(schema.maxLength), format: textIn(schema.format) },
      };
    case 'null':
      return { ...said, kind: 'choice', options: [null] };
    case 'integer':
    case 'number':
      return {
        ...{ ...said, kind: 'number', isWhole: schema.type === 'integer' },
        ...{ least: numberIn(schema.minimum), most: numberIn(schema.maximum) },
      };
    case 'boolean':
      return { ...said, kind: 'switch' };
    case 'array':
      return { ...said, ...listOf(schema, place) };
    case 'object':
      return { ...said, ...objectOf(schema, place) };
    default:
      return { ...said, kind: 'json' };
  }
}

/** Of a value as a whole, and not of each form that it can have. */
const SAID_ONCE = new Set(['title', 'description', 'default', 'examples']);

type Kind<K extends Field['kind']> = Omit<Extract<Field, { readonly kind: K }>, keyof Said>;

function listOf(schema: JsonObject, { root, depth }: Place): Kind<'list'> | Kind<'json'> {
  if (!isObject(schema.items)) return { kind: 'json' };
  const item = fieldOf({ schema: schema.items, root, name: 'Item', isRequired: true, depth: depth + 1 });
  // A list of what is written as JSON is easier written as one JSON.
  return item.kind === 'json' ? { kind: 'json' } : { kind: 'list', item, most: numberIn(schema.maxItems) };
}

/** One that takes names of any kind has no fields for them. */
function objectOf(schema: JsonObject, { root, depth }: Place): Kind<'object'> | Kind<'json'> {
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const isOpen = isObject(schema.additionalProperties) || isObject(schema.patternProperties);
  if (properties.length === 0 || isOpen) return { kind: 'json' };
  const required: readonly Json[] = Array.isArray(schema.required) ? schema.required : [];
  const members = properties.map(([name, property]) => ({
    name,
    field: fieldOf({ schema: property, root, name, isRequired: required.includes(name), depth: depth + 1 }),
  }));
  return { kind: 'object', members: [...members.filter(isNeeded), ...members.filter((each) => !isNeeded(each))] };
}

const isNeeded = ({ field }: Member): boolean => field.isRequired;

const NAMES = { text: 'Text', number: 'Number', switch: 'Yes or no', choice: 'Choice', list: 'List', object: 'Fields' };

const nameOf = (field: Exclude<Field, { readonly kind: 'json' | 'one-of' }>): string =>
  field.kind === 'choice' && field.options.every((option) => option === null) ? 'Nothing (null)' : NAMES[field.kind];

function oneOfThese(branches: readonly Json[], { root, name, depth }: Place): Kind<'one-of'> | Kind<'json'> {
  const options = branches.map((schema) => {
    const field = fieldOf({ schema, root, name, isRequired: true, depth: depth + 1 });
    const isNamed = isObject(schema) && typeof schema.title === 'string';
    return isNamed || field.kind === 'json' || field.kind === 'one-of' ? field : { ...field, label: nameOf(field) };
  });
  // What has to be told apart by a form has to be of kinds that can be.
  return options.some(({ kind }) => kind === 'json' || kind === 'one-of')
    ? { kind: 'json' }
    : { kind: 'one-of', options };
}

/** Whether a text is written on several lines. The schema does not say: its bound does, or how it is called. */
function isLong(schema: JsonObject, { name, isRequired }: Place): boolean {
  const most = numberIn(schema.maxLength);
  if (textIn(schema.format) !== null || isPicky(schema.pattern)) return false;
  if (most !== null) return most >= LONG || (most > SHORT && LONG_NAMES.test(name));
  return LONG_NAMES.test(name) && (isRequired || schema.default === undefined);
}

/** A pattern that only says that there is something is none of a short text. */
const isPicky = (pattern: Json | undefined): boolean => typeof pattern === 'string' && pattern !== '\\S';

const MOST_HOPS = 8;

/** A schema with what it refers to in the same document; an empty one where that cannot be followed. */
function resolved(given: Json | undefined, root: JsonObject): JsonObject {
  let schema = given;
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    if (!isObject(schema)) return {};
    if (typeof schema.$ref !== 'string') return schema;
    if (!schema.$ref.startsWith('#/')) return {};
    schema = at(root, schema.$ref);
  }
  return {};
}

function at(root: JsonObject, pointer: string): Json | undefined {
  let value: Json | undefined = root;
  for (const part of pointer.slice(2).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textIn = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);
const numberIn = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);
