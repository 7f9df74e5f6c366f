import { z } from 'zod';
import { EVENT_SCHEMA_VERSION, RunEvent } from '../events/run-event.js';

/*
 * What each type of event looks like in the log, as JSON Schema: one line of `golden/schemas.jsonl` for each version at which
 * that changed. A line stays for ever, since events of that version do.
 */

const Line = z.object({ type: z.string(), version: z.int().positive(), schema: z.record(z.string(), z.unknown()) });
export type EventSchema = z.infer<typeof Line>;

/** The lines of the file, in their order. */
export const readSchemas = (text: string): readonly EventSchema[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Line.parse(JSON.parse(line)));

/** What each type of event looks like now. */
const schemasNow = (): ReadonlyMap<string, string> =>
  new Map(
    RunEvent.options.map(({ shape }) => [
      shape.type.value,
      JSON.stringify(z.toJSONSchema(shape.data, { io: 'input', unrepresentable: 'any', reused: 'inline' })),
    ]),
  );

/** The newest of the lines about a type; undefined where there is none. */
export const newestOf = (schemas: readonly EventSchema[], type: string): EventSchema | undefined =>
  schemas.filter((each) => each.type === type).sort((a, b) => b.version - a.version)[0];

/**
 * What is wrong with the lines, each in a sentence that says what to do; none where they are those of today.
 *
 * @returns the sentences, and the lines that would make it right, where a new version was begun
 */
export function compareSchemas(schemas: readonly EventSchema[]): {
  readonly problems: readonly string[];
  readonly missing: readonly EventSchema[];
} {
  const now = schemasNow();
  const problems: string[] = [];
  const missing: EventSchema[] = [];
  for (const [type, text] of now) {
    const newest = newestOf(schemas, type);
    if (newest !== undefined && JSON.stringify(newest.schema) === text) continue;
    if (newest !== undefined && newest.version >= EVENT_SCHEMA_VERSION) {
      problems.push(
        `The schema of ${type} is not the one that events of version ${newest.version} were written with. Raise EVENT_SCHEMA_VERSION in run-event.ts, say in upcast.ts what is new and how older events are read, then run \`npm run events:schemas\` and record an example in golden/.`,
      );
      continue;
    }
    problems.push(
      `The schema of ${type} at version ${EVENT_SCHEMA_VERSION} is not on record. Run \`npm run events:schemas\` and record an example in golden/.`,
    );
    missing.push(Line.parse({ type, version: EVENT_SCHEMA_VERSION, schema: JSON.parse(text) }));
  }
  for (const type of new Set(schemas.map((each) => each.type))) {
    if (!now.has(type)) problems.push(`${type} was written once, and logs hold it for ever: keep it in RunEvent.`);
  }
  return { problems, missing };
}
