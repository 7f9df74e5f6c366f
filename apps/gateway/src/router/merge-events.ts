import { type EventList, type EventView } from '@baton/contracts';
import { z } from 'zod';
import { cursorOf } from '../http/cursors.js';

/*
 * The logs of all shards as one list. Each has positions of its own, so where a reader stands is a place in each of them; what is
 * promised is the order of each log, and so of each run, and none between them.
 */

/** In each shard: after which position, or with the cursor that the shard gave. */
export const LogPlace = z.union([
  z.strictObject({ after: z.int().min(0) }),
  z.strictObject({ cursor: z.string().max(200), after: z.int().min(0) }),
]);
export type LogPlace = z.infer<typeof LogPlace>;

/** Its name in cursors. */
export const LIST = 'events-of-shards';

/** A page out of a page of each shard: turn by turn, so that none waits for the end of another. */
export function mergeEvents(pages: readonly EventList[], places: readonly LogPlace[], limit: number): EventList {
  const taken = pages.map(() => 0);
  const events: EventView[] = [];
  for (let turn = 0; events.length < limit; turn += 1) {
    const inTurn = pages.flatMap(({ events: of }, shard) => {
      const event = of[turn];
      return event === undefined ? [] : [{ shard, event }];
    });
    if (inTurn.length === 0) break;
    for (const { shard, event } of inTurn.slice(0, limit - events.length)) {
      events.push(event);
      taken[shard] = turn + 1;
    }
  }
  const next = pages.map((page, shard) => placeAfter(page, taken[shard] ?? 0, places[shard] ?? { after: 0 }));
  const isEnd = pages.every((page, shard) => page.next === null && taken[shard] === page.events.length);
  return { events, next: isEnd ? null : cursorOf(LIST, JSON.stringify(next)) };
}

function placeAfter({ events, next }: EventList, taken: number, before: LogPlace): LogPlace {
  const after = events[taken - 1]?.position ?? before.after;
  // Under a filter a page may end behind its last event.
  if (taken === events.length && next !== null) return { cursor: next, after };
  return taken === 0 ? before : { after };
}
