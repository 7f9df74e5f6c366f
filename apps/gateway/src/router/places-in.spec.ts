import type { EventList } from '@baton/contracts';
import { expect, test } from 'vitest';
import { cursorOf } from '../http/cursors.js';
import { LIST, type LogPlace, mergeEvents } from './merge-events.js';
import { placesIn } from './places-in.js';

const START = { after: 0 };
const queryOf = (cursor: string) => new URLSearchParams({ cursor });

test('without a cursor a reader stands at the beginning of each shard', () => {
  expect(placesIn(new URLSearchParams(), 3)).toEqual([START, START, START]);
});

test.each([2, 20, 100])('the cursor of a page over %i shards leads on', (shards) => {
  const empty: EventList = { events: [], next: cursorOf('events', 123_456_789) };
  const before: readonly LogPlace[] = Array.from({ length: shards }, () => ({ after: 123_456_000 }));
  const { next } = mergeEvents(
    before.map(() => empty),
    before,
    100,
  );
  const expected = before.map(({ after }) => ({ cursor: empty.next, after }));
  expect(placesIn(queryOf(next ?? ''), shards)).toEqual(expected);
});

test('a cursor over another number of shards is refused, and does not begin again', () => {
  const cursor = cursorOf(LIST, JSON.stringify([{ after: 7 }, { after: 9 }]));
  expect(placesIn(queryOf(cursor), 2)).toEqual([{ after: 7 }, { after: 9 }]);
  for (const of of [3, 4])
    expect(() => placesIn(queryOf(cursor), of)).toThrow(`The cursor is one over 2 shards, and there are ${of}.`);
});
