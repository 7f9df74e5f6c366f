import { Json, JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { PARAMETERS } from '../http/parameters.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** `input` is what a client may send, before defaults are filled in; `output` what it gets. */
export type Way = 'input' | 'output';

const reference = (name: string): string => `#/components/schemas/${name}`;

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

/** What says no more than its format does, and would be read by nobody. */
const FORMATS: ReadonlySet<unknown> = new Set(['date-time', 'date', 'uuid', 'duration']);

const readable: Override = ({ zodSchema, jsonSchema }) => {
  const parameter = PARAMETERS.get(zodSchema);
  if (parameter !== undefined) {
    for (const name of Object.keys(jsonSchema)) delete jsonSchema[name];
    Object.assign(jsonSchema, parameter);
    return;
  }
  const same: unknown = zodSchema;
  if (same === Json) jsonSchema.description = 'Any JSON value.';
  if (same === JsonObject) jsonSchema.additionalProperties = true;
  // Answers get more members with time, and a client that refuses what it does not know would break then. What is sent is
  // held to what is known: there `strictObject` says so.
  const { def } = zodSchema._zod;
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
  if (FORMATS.has(jsonSchema.format)) delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
};

/** Each schema under its name, with references where one holds another. */
function translate(components: Readonly<Record<string, z.ZodType>>, io: Way): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ readonly id: string }>();
  for (const [id, schema] of Object.entries(components)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io, uri: reference, unrepresentable: 'any', override: readable });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema]),
  );
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The names of the components that a schema refers to. */
export const referencesIn = (schema: unknown): readonly string[] =>
  [...JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name);

type Named = Readonly<Record<string, z.ZodType>>;

/**
 * The components as they are needed. Where what is sent has another schema than what comes, such as fewer required members, it
 * stands beside it as `<name>Request`.
 */
export function componentSchemas(answers: Named, bodies: Named) {
  const components = { ...answers, ...bodies };
  const coming = translate(components, 'output');
  const sent = translate(components, 'input');
  // A schema differs, too, where it holds one that does.
  const differing = new Set(Object.keys(answers).filter((name) => !same(coming[name], sent[name])));
  for (let before = -1; before !== differing.size; ) {
    before = differing.size;
    for (const name of Object.keys(answers))
      if (referencesIn(sent[name]).some((other) => differing.has(other))) differing.add(name);
  }
  const rename = (schema: unknown): JsonSchema =>
    JSON.parse(
      JSON.stringify(schema).replace(/"#\/components\/schemas\/([^"]+)"/g, (whole, name: string) =>
        differing.has(name) ? JSON.stringify(reference(`${name}Request`)) : whole,
      ),
    );
  const schemas: Readonly<Record<string, JsonSchema>> = {
    ...coming,
    ...Object.fromEntries(Object.keys(bodies).map((name) => [name, rename(sent[name])])),
    ...Object.fromEntries([...differing].map((name) => [`${name}Request`, rename(sent[name])])),
  };
  const names = new Map(Object.entries(components).map(([name, schema]) => [schema, name]));
  return {
    schemas,
    /** A reference to it. Throws where it is no component. */
    refer: (schema: z.ZodType, way: Way): JsonSchema => {
      const name = names.get(schema);
      if (name === undefined) throw new Error('a schema of an operation is no component');
      return { $ref: reference(way === 'input' && differing.has(name) ? `${name}Request` : name) };
    },
  };
}

/** The members of a query, each by its name, and whether it has to be there. */
export function parametersOf(query: z.ZodObject): readonly (readonly [string, JsonSchema, boolean])[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, {
    io: 'input',
    unrepresentable: 'any',
    override: readable,
  });
  return Object.entries(properties).map(([name, schema]) => [
    name,
    typeof schema === 'object' ? { ...schema } : {},
    required.includes(name),
  ]);
}
