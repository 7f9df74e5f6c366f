import { expect, test } from 'vitest';
import { z } from 'zod';
import file from '../../golden/schemas.jsonl?raw';
import { compareSchemas, newestOf, readSchemas } from '../testing/event-schemas.js';
import { recordedRuns } from '../testing/golden-logs.js';
import { EVENT_SCHEMA_VERSION } from './run-event.js';

/*
 * The shape of an event is part of every log that holds one. Whoever changes it makes a new version of it, or these fail and say
 * what to do.
 */

const schemas = readSchemas(file);
const runs = recordedRuns();
const written = runs.flatMap(({ name, events }) => events.map((event) => ({ name, ...event })));

test('each type of event looks as it did when its newest version was put on record', () => {
  expect(compareSchemas(schemas).problems).toEqual([]);
});

test('a changed event without a new version, and one that is gone, are told in a sentence', () => {
  const changed = schemas.map((each) =>
    each.type === 'RunPaused'
      ? { ...each, version: EVENT_SCHEMA_VERSION, schema: { ...each.schema, title: 'x' } }
      : each,
  );
  expect(compareSchemas(changed)).toMatchObject({
    missing: [],
    problems: [expect.stringMatching(/^The schema of RunPaused is not .* Raise EVENT_SCHEMA_VERSION/)],
  });
  const gone = [...schemas, { type: 'PlanPainted', version: 1, schema: {} }];
  expect(compareSchemas(gone).problems).toEqual([expect.stringMatching(/^PlanPainted was written once/)]);
  const without = schemas.filter(({ type }) => type !== 'RunPaused');
  expect(compareSchemas(without)).toMatchObject({ missing: [{ type: 'RunPaused', version: EVENT_SCHEMA_VERSION }] });
});

test('every type of event has a recorded example of every version that it was written in', () => {
  const examples = new Set(written.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`));
  const missing = [...new Set(schemas.map(({ type }) => type))].flatMap((type) => {
    const since = Math.min(...schemas.filter((each) => each.type === type).map(({ version }) => version));
    const versions = Array.from({ length: EVENT_SCHEMA_VERSION - since + 1 }, (_, at) => since + at);
    return versions.map((version) => `${type} ${version}`).filter((name) => !examples.has(name));
  });
  expect(missing, 'record a run that has them in golden/').toEqual([]);
});

/** From version 6 on what a schema calls the document is named by its hash. */
function withAnyDocument(data: unknown): unknown {
  const named = z.looseObject({ documentSha256: z.string(), carry: z.looseObject({}).optional() }).safeParse(data);
  if (!named.success) return data;
  const { documentSha256: _, carry, ...rest } = named.data;
  return carry === undefined ? { ...rest, document: {} } : { ...rest, carry: { ...carry, document: {} } };
}

test('every recorded example has the shape of its version', () => {
  const checks = new Map<unknown, z.ZodType>();
  for (const { type, schemaVersion, data } of written) {
    const known = newestOf(
      schemas.filter(({ version }) => version <= schemaVersion),
      type,
    );
    if (known === undefined) throw new Error(`${type} ${schemaVersion} has no schema`);
    const check = checks.get(known.schema) ?? z.fromJSONSchema(known.schema);
    checks.set(known.schema, check);
    const problem = check.safeParse(withAnyDocument(data)).error?.message ?? null;
    expect(problem, `${type} of version ${schemaVersion}`).toBeNull();
  }
});
