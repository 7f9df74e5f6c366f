import { type Cursor, cursorIn } from './cursor-in.js';
import { type Known, named } from './named.js';
import { isSchema, memberOf, type Part, partsOf, schemaAt } from './schema-at.js';

/** One of the things that can stand at a place. */
interface Choice {
  readonly kind: 'key' | 'value';
  readonly label: string;
  /** What is written for it. */
  readonly apply: string;
  /** In a word: whether it is needed, or of which type. */
  readonly detail: string;
  /** What the schema says of it. */
  readonly info: string;
}

interface Completion {
  /** Where what was typed so far begins. */
  readonly from: number;
  /** In the order of the schema. */
  readonly choices: readonly Choice[];
}

/** What can stand at a place of a document, by its schema and what stands around it; null where the schema says nothing. */
export function completionAt(text: string, position: number, schema: object, known: Known): Completion | null {
  const cursor = cursorIn(text, position);
  if (cursor === null || !isSchema(schema)) return null;
  const parts = schemaAt(schema, cursor.document, cursor.path);
  const choices = [
    ...(cursor.kind === 'value' ? [] : keysIn(parts, cursor, known)),
    ...(cursor.kind === 'key' ? [] : valuesIn(parts, cursor, known)),
  ];
  return choices.length === 0 ? null : { from: cursor.from, choices: uniqueOf(choices) };
}

function keysIn(parts: readonly Part[], cursor: Cursor, known: Known): readonly Choice[] {
  const there = cursor.path.reduce(memberOf, cursor.document);
  const isThere = (name: string): boolean => isSchema(there) && Object.hasOwn(there, name);
  const needed = new Set(parts.flatMap(({ schema }) => (Array.isArray(schema.required) ? schema.required : [])));
  const members = parts.flatMap(({ schema, root }) =>
    Object.entries(isSchema(schema.properties) ? schema.properties : {}).map(([name, member]) =>
      choiceOfKey(name, partsOf(member, root), needed.has(name), cursor),
    ),
  );
  const names = parts.flatMap(({ schema }) =>
    isSchema(schema.propertyNames) ? named(schema.propertyNames['x-baton-names'], cursor, known) : [],
  );
  const free = names.map(
    ({ name, detail, info }): Choice => ({
      kind: 'key',
      label: name,
      apply: keyText(name, 'object', cursor),
      detail,
      info,
    }),
  );
  return [...members, ...free].filter(({ label }) => !isThere(label));
}

function choiceOfKey(name: string, parts: readonly Part[], isNeeded: boolean, cursor: Cursor): Choice {
  const types = typesIn(parts);
  const [type = '', ...others] = types;
  return {
    kind: 'key',
    label: name,
    apply: keyText(name, others.length === 0 ? type : '', cursor),
    detail: isNeeded ? 'needed' : types.join(' or '),
    info: firstOf(parts, 'description'),
  };
}

/** What has an inside begins it on the next line. */
function keyText(name: string, type: string, { isNew, indent }: Cursor): string {
  if (!isNew) return name;
  const inside = indent === null ? '' : `\n${' '.repeat(indent + 2)}`;
  if (inside !== '' && type === 'object') return `${name}:${inside}`;
  return inside !== '' && type === 'array' ? `${name}:${inside}- ` : `${name}: `;
}

function typesIn(parts: readonly Part[]): readonly string[] {
  const said = parts.flatMap(({ schema }) => {
    if (Array.isArray(schema.type)) return schema.type.map(String);
    if (typeof schema.type === 'string') return [schema.type];
    if (isSchema(schema.properties)) return ['object'];
    return 'const' in schema ? [typeof schema.const] : [];
  });
  return [...new Set(said)];
}

function valuesIn(parts: readonly Part[], cursor: Cursor, known: Known): readonly Choice[] {
  const about = firstOf(parts, 'description');
  return parts.flatMap(({ schema }) => {
    const info = typeof schema.description === 'string' ? schema.description : about;
    const choiceOf = (value: unknown, detail: string): readonly Choice[] =>
      typeof value === 'object' && value !== null
        ? []
        : [{ kind: 'value', label: String(value), apply: String(value), detail, info }];
    return [
      ...('const' in schema ? choiceOf(schema.const, '') : []),
      ...listIn(schema.enum).flatMap((value) => choiceOf(value, value === schema.default ? 'usual' : '')),
      ...named(schema['x-baton-names'], cursor, known).map(
        ({ name, detail, info: own }): Choice => ({ kind: 'value', label: name, apply: name, detail, info: own }),
      ),
      ...('default' in schema ? choiceOf(schema.default, 'usual') : []),
      ...listIn(schema.examples).flatMap((value) => choiceOf(value, 'example')),
      ...(schema.type === 'boolean' ? [true, false].flatMap((value) => choiceOf(value, '')) : []),
    ];
  });
}

function firstOf(parts: readonly Part[], member: string): string {
  const found = parts.map(({ schema }) => schema[member]).find((each) => typeof each === 'string');
  return typeof found === 'string' ? found : '';
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Several parts of a schema may know the same: the first that has words for it has the word. */
function uniqueOf(choices: readonly Choice[]): readonly Choice[] {
  const found = new Map<string, Choice>();
  for (const choice of choices) {
    const id = `${choice.kind} ${choice.label}`;
    const before = found.get(id);
    if (before === undefined || (before.info === '' && choice.info !== '')) found.set(id, choice);
  }
  return [...found.values()];
}
