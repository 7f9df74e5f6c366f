import type { Path } from './cursor-in.js';

type Schema = Readonly<Record<string, unknown>>;

/** A schema, and the one that its references lead into. */
export interface Part {
  readonly schema: Schema;
  readonly root: Schema;
}

/** More than this no schema is made of at one place; one that refers to itself would be made of more without end. */
const MOST_PARTS = 400;

/** All that a schema says of the value at a place, with what is written there and above as it is. */
export function schemaAt(root: Schema, document: unknown, path: Path): readonly Part[] {
  let parts = applying([{ schema: root, root }], document);
  let value = document;
  for (const segment of path) {
    value = memberOf(value, segment);
    parts = applying(
      parts.flatMap((part) => below(part, segment)),
      value,
    );
  }
  return parts;
}

/** All that a schema says of a value that is not there yet. */
export const partsOf = (schema: unknown, root: Schema): readonly Part[] => applying(partsIn(root, [schema]), undefined);

/** The schemas of one member, or item. */
function below({ schema, root }: Part, segment: string | number): readonly Part[] {
  if (typeof segment === 'number') return partsIn(root, [schema.items]);
  const { properties, additionalProperties } = schema;
  const own = isSchema(properties) && Object.hasOwn(properties, segment) ? properties[segment] : undefined;
  return partsIn(root, [own ?? additionalProperties]);
}

/** The parts that hold for a value: what they refer to, each of the forms it may have, and the branch that is taken. */
function applying(begun: readonly Part[], value: unknown): readonly Part[] {
  const found: Part[] = [];
  const waiting = [...begun];
  for (let part = waiting.shift(); part !== undefined && found.length < MOST_PARTS; part = waiting.shift()) {
    const { schema } = part;
    // An id begins a document of its own, which its references lead into.
    const root = typeof schema.$id === 'string' ? schema : part.root;
    found.push({ schema, root });
    const inner = [
      ...(typeof schema.$ref === 'string' ? [resolved(root, schema.$ref)] : []),
      ...listIn(schema.allOf),
      ...listIn(schema.anyOf),
      ...listIn(schema.oneOf),
      ...(schema.if === undefined ? [] : [holds(schema.if, value) ? schema.then : schema.else]),
    ];
    waiting.push(...partsIn(root, inner));
  }
  return found;
}

const partsIn = (root: Schema, schemas: readonly unknown[]): readonly Part[] =>
  schemas.filter(isSchema).map((schema) => ({ schema, root }));

/** Whether a value has what an `if` asks for: so much of JSON Schema as they are written with. */
function holds(condition: unknown, value: unknown): boolean {
  if (!isSchema(condition)) return condition === true;
  if ('const' in condition) return condition.const === value;
  if (Array.isArray(condition.enum)) return condition.enum.includes(value);
  const has = (name: string): boolean => isSchema(value) && Object.hasOwn(value, name);
  if (condition.type === 'object' && !isSchema(value)) return false;
  if (Array.isArray(condition.required) && !condition.required.every((name) => has(String(name)))) return false;
  const members = isSchema(condition.properties) ? Object.entries(condition.properties) : [];
  return members.every(([name, member]) => !has(name) || holds(member, memberOf(value, name)));
}

function resolved(root: Schema, ref: string): unknown {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return undefined;
  return ref
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(memberOf, root);
}

export function memberOf(value: unknown, name: string | number): unknown {
  if (Array.isArray(value)) return typeof name === 'number' ? value[name] : undefined;
  return isSchema(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
