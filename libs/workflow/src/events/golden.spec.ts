import { expect, test } from 'vitest';
import { z } from 'zod';
import { rebuild } from '../rebuild.js';
import { type RecordedRun, recordedRuns } from '../testing/golden-logs.js';
import { describeEvent } from './describe-event.js';
import { RunEvent } from './run-event.js';
import { upcast } from './upcast.js';

/* What the program makes of the logs in `golden/`, which were written by programs of before. */

const originals = recordedRuns();
const eventsOf = ({ events, documents }: RecordedRun): readonly RunEvent[] =>
  events.map(({ type, schemaVersion, data }) => {
    const name = z.looseObject({ documentSha256: z.string().optional() }).parse(data).documentSha256;
    const document = documents.find(({ sha256 }) => sha256 === name);
    return upcast(type, schemaVersion, data, document);
  });
const runs = originals.map((run) => ({ ...run, original: run, events: eventsOf(run) }));

test('every type of event has a recorded example', () => {
  const types = new Set(runs.flatMap(({ events }) => events.map(({ type }) => type)));
  expect([...types].sort()).toEqual(RunEvent.options.map((option) => option.shape.type.value).sort());
});

test.each(runs)('a recorded log folds to its recorded end: $name', ({ events, result }) => {
  expect(rebuild(events)).toMatchObject(result);
});

test.each(runs)('reading a recorded event loses nothing: $name', ({ events, original }) => {
  // Members that came later have their defaults, and a document stands for its name.
  const written = original.events.map(({ data }) => z.looseObject({}).parse(data));
  expect(events.map(({ data }) => data)).toMatchObject(written.map(({ documentSha256: _, ...data }) => data));
});

test.each([
  [2, ['unrunTools', '"template":{', 'steps and answers', '"comment":"go on"']],
  [3, ['"changed":{"set":']],
  [4, ['"type":"TaskAsked"', '"continues":[']],
  [5, ['"byHand":true', '"handIn":']],
  [6, ['"documentSha256":"']],
  [7, ['"engine":{"version":', '"type":"EngineChanged"']],
  [8, ['"leftOff":[']],
  [9, ['"trace":"00-', '"source":{"sha256":"', '"items":2', '"type":"TaskSubmitted"', '"requestId":"token-1"']],
])('what version %i added is in its recorded examples, and in none of before', (version, members) => {
  const textOf = (isMeant: (schemaVersion: number) => boolean): string =>
    JSON.stringify(originals.flatMap(({ events }) => events.filter((event) => isMeant(event.schemaVersion))));
  for (const member of members) {
    expect(textOf((each) => each === version)).toContain(member);
    if (version > 2) expect(textOf((each) => each < version)).not.toContain(member);
  }
});

test('from version 6 on no event holds a whole document', () => {
  const events = originals.flatMap((run) => run.events.filter(({ schemaVersion }) => schemaVersion >= 6));
  expect(events.length).toBeGreaterThan(100);
  expect(JSON.stringify(events)).not.toContain('"document":');
});

test('every event has a sentence that a person can read', () => {
  for (const event of runs.flatMap(({ events }) => events)) {
    expect(describeEvent(event)).toMatch(/^[A-Z][^\n]{5,}[.…]$/);
    expect(describeEvent(event)).not.toMatch(/undefined|null|\[object/);
  }
});
