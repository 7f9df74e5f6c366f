import { expect, test } from 'vitest';
import { z } from 'zod';
import approvals from '../../golden/approvals.v1.json?raw';
import asking from '../../golden/asking.v4.json?raw';
import budgets from '../../golden/budgets.v1.json?raw';
import control from '../../golden/control.v1.json?raw';
import decisions from '../../golden/decisions.v1.json?raw';
import named from '../../golden/documents.v6.json?raw';
import recorded from '../../golden/events.v1.json?raw';
import forks from '../../golden/forks.v3.json?raw';
import story from '../../golden/story.v2.json?raw';
import turns from '../../golden/turns.v1.json?raw';
import waiters from '../../golden/waiters.v1.json?raw';
import { rebuild } from '../rebuild.js';
import { describeEvent } from './describe-event.js';
import { RunEvent } from './run-event.js';
import { upcast } from './upcast.js';

/*
 * Logs as they were written once. They stay as they are for ever: when one of these tests fails, it is the program that
 * has to read the old events, by a step in `upcast`. A new version of an event gets a file of its own.
 */

const Recorded = z.array(
  z.object({
    name: z.string(),
    events: z.array(z.object({ type: z.string(), schemaVersion: z.int(), data: z.json() })),
    result: z.object({
      status: z.string(),
      output: z.json(),
      error: z.string().nullable(),
      cause: z.string().nullable(),
    }),
  }),
);
const originals = [recorded, control, decisions, approvals, waiters, budgets, story, turns, forks, asking].flatMap(
  (file) => Recorded.parse(JSON.parse(file)),
);
/** From version 6 on, documents stand beside the events that name them. */
const byHash = z
  .object({ documents: z.array(z.object({ sha256: z.string(), text: z.string() })), runs: Recorded })
  .parse(JSON.parse(named));
const runs = originals.map((run) => ({
  ...run,
  events: run.events.map(({ type, schemaVersion, data }) => upcast(type, schemaVersion, data)),
}));

test('every type of event has a recorded example', () => {
  const types = new Set(runs.flatMap(({ events }) => events.map(({ type }) => type)));
  expect([...types].sort()).toEqual(RunEvent.options.map((option) => option.shape.type.value).sort());
});

test.each(runs)('a recorded log folds to its recorded end: $name', ({ events, result }) => {
  expect(rebuild(events)).toMatchObject(result);
});

test.each(runs)('reading a recorded event loses nothing: $name', ({ events, name }) => {
  const original = originals.find((run) => run.name === name);
  // Members that came later have their defaults.
  expect(events.map(({ data }) => data)).toMatchObject(original?.events.map(({ data }) => data) ?? []);
});

test('what version 2 added is in its recorded examples', () => {
  for (const member of ['unrunTools', '"template":{', 'steps and answers', '"comment":"go on"']) {
    expect(JSON.stringify(JSON.parse(story))).toContain(member);
  }
  const last = Recorded.parse(JSON.parse(story)).at(-1)?.name;
  const late = runs.find(({ name }) => name === last)?.events ?? [];
  expect(late.findIndex(({ type }) => type === 'RunSucceeded')).toBeLessThan(late.length - 1);
});

test('what version 3 added is in its recorded example', () => {
  expect(runs.at(-2)?.events[0]).toMatchObject({ data: { changed: { set: { count: 8 }, input: { other: true } } } });
});

test.each(byHash.runs)(
  'a recorded log that names its documents folds to its recorded end: $name',
  ({ events, result }) => {
    const read = events.map(({ type, schemaVersion, data }) => {
      const name = z.looseObject({ documentSha256: z.string().optional() }).parse(data).documentSha256;
      return upcast(
        type,
        schemaVersion,
        data,
        byHash.documents.find(({ sha256 }) => sha256 === name),
      );
    });
    expect(rebuild(read)).toMatchObject(result);
    const about = read.flatMap(({ data }) => {
      if ('carry' in data) return [data.carry.document];
      return 'document' in data ? [data.document] : [];
    });
    expect(about.length).toBe(2);
    for (const document of about) expect(document).toMatchObject({ definition: { States: expect.anything() } });
  },
);

test('what version 6 names is in its recorded example, and no whole document', () => {
  const events = byHash.runs.flatMap((run) => run.events);
  const naming = events.filter(({ data }) => JSON.stringify(data).startsWith('{"documentSha256":"'));
  expect(naming.map(({ type }) => type)).toEqual(['RunStarted', 'RunRetried', 'RunForked', 'RunContinued']);
  expect(JSON.stringify(events)).not.toContain('"document":');
});

test('every event has a sentence that a person can read', () => {
  for (const event of runs.flatMap(({ events }) => events)) {
    expect(describeEvent(event)).toMatch(/^[A-Z][^\n]{5,}[.…]$/);
    expect(describeEvent(event)).not.toMatch(/undefined|null|\[object/);
  }
});
