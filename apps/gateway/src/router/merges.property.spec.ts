import type { EventList, EventView, RunList, RunSummary } from '@baton/contracts';
import { blankView, newestFirst, placeOfRunsCursor } from '@baton/read-model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogPlace, mergeEvents } from './merge-events.js';
import { mergeRuns } from './merge-runs.js';
import { mergeVerifications } from './merge-verifications.js';

/* Shards that are simple lists, and a reader who goes from page to page. */

const run = (shard: number, n: number, second: number): RunSummary => ({
  ...blankView,
  runId: `${String(shard).padStart(8, '0')}-0000-8000-ba70-${String(n).padStart(12, '0')}`,
  workflow: 'w',
  workflowVersion: '1.0.0',
  status: 'running',
  version: 1,
  labels: {},
  submittedBy: { type: 'system', id: 'test' },
  startedAt: new Date(1_750_000_000_000 + second * 1_000).toISOString(),
});

const shardsOfRuns = fc
  .array(fc.array(fc.nat({ max: 20 }), { maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map((shards) =>
    shards.map((seconds, shard) => seconds.map((second, n) => run(shard, n, second)).toSorted(newestFirst)),
  );

/** A page as a gateway makes it; with `shortest` it may end before it is full, as under a filter. */
function pageOfRuns(all: readonly RunSummary[], limit: number, cursor: string | null): RunList {
  const from = cursor === null ? null : placeOfRunsCursor(cursor);
  const left = all.filter((each) => from === null || newestFirst(each, from) > 0);
  return mergeRuns([{ runs: left, next: null }], limit);
}

test('whoever goes through the pages of all shards sees each run once, newest first', () => {
  fc.assert(
    fc.property(shardsOfRuns, fc.integer({ min: 1, max: 5 }), (shards, limit) => {
      const seen: RunSummary[] = [];
      let cursor: string | null = null;
      do {
        const from: string | null = cursor;
        const page = mergeRuns(
          shards.map((runs) => pageOfRuns(runs, limit, from)),
          limit,
        );
        expect(page.runs.length).toBeLessThanOrEqual(limit);
        seen.push(...page.runs);
        cursor = page.next;
      } while (cursor !== null);
      expect(seen).toEqual(shards.flat().toSorted(newestFirst));
    }),
  );
});

const event = (shard: number, position: number): EventView => ({
  position,
  runId: `0000000${shard}-0000-8000-ba70-000000000000`,
  version: position,
  type: 'SignalReceived',
  schemaVersion: 1,
  eventId: `${shard}/${position}`,
  causationId: null,
  correlationId: null,
  recordedAt: '2026-01-01T00:00:00.000Z',
  actor: { type: 'system', id: 'test' },
  data: {},
  summary: '',
});

/** A page of a gateway that looks at so many events and shows every second: it may be empty and have a next one. */
function pageOfEvents(shard: number, length: number, place: LogPlace, limit: number): EventList {
  const after = 'cursor' in place ? Number(place.cursor) : place.after;
  const to = Math.min(length, after + limit);
  const events = Array.from({ length: to - after }, (_, n) => event(shard, after + n + 1)).filter(
    ({ position }) => position % 2 === 0,
  );
  return { events, next: to < length ? String(to) : null };
}

const placesIn = (cursor: string): readonly LogPlace[] =>
  JSON.parse(
    Buffer.from(cursor, 'base64url')
      .toString()
      .replace(/^[^:]*:/, ''),
  );

test('whoever goes through the events of all shards sees each once, and those of each shard in their order', () => {
  const lengths = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 6 }), (shards, limit) => {
      const seen: string[] = [];
      let places: readonly LogPlace[] | null = shards.map(() => ({ after: 0 }));
      while (places !== null) {
        const from: readonly LogPlace[] = places;
        const page = mergeEvents(
          shards.map((length, shard) => pageOfEvents(shard, length, from[shard] ?? { after: 0 }, limit)),
          from,
          limit,
        );
        expect(page.events.length).toBeLessThanOrEqual(limit);
        seen.push(...page.events.map(({ eventId }) => eventId));
        places = page.next === null ? null : placesIn(page.next);
      }
      for (const [shard, length] of shards.entries()) {
        const ofShard = seen.filter((id) => id.startsWith(`${shard}/`));
        expect(ofShard).toEqual(Array.from({ length: Math.floor(length / 2) }, (_, n) => `${shard}/${(n + 1) * 2}`));
      }
      expect(new Set(seen).size).toBe(seen.length);
    }),
  );
});

test('all logs are sound where each of them is, and the first that is not is named', () => {
  const sound = { verified: true, events: 3, runs: 1, problem: null };
  expect(mergeVerifications([sound, sound])).toEqual({ verified: true, events: 6, runs: 2, problem: null });
  const wrong = { ...sound, verified: false, problem: 'position 2 is missing' };
  expect(mergeVerifications([sound, wrong, wrong])).toMatchObject({
    verified: false,
    problem: 'shard 1: position 2 is missing',
  });
});
