import { parseJson } from '@baton/contracts';
import { z } from 'zod';
import { cursorOfList } from '../http/cursors.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { LIST, LogPlace } from './merge-events.js';

/** A cursor has a place of each shard. With the rest of the request it has room in the 16 KiB that servers read of a head. */
const LONGEST_CURSOR = 12_000;

const Places = z
  .string()
  .transform((text) => parseJson(text, 'The cursor'))
  .pipe(z.array(LogPlace));
const EventCursor = z.object({
  cursor: cursorOfList(LIST, Places, LONGEST_CURSOR),
  after: z.undefined('is of one log alone'),
});

/**
 * Where a reader of the events stands in each shard: at the beginning without a cursor.
 *
 * @throws ProblemError 400; a cursor over another number of shards would have the reader begin again without knowing it
 */
export function placesIn(query: URLSearchParams, of: number): readonly LogPlace[] {
  const given = { cursor: query.get('cursor') ?? undefined, after: query.get('after') ?? undefined };
  const { cursor } = parseParameters(EventCursor, given);
  if (cursor === undefined) return Array.from({ length: of }, () => ({ after: 0 }));
  if (cursor.length === of) return cursor;
  throw new ProblemError(`The cursor is one over ${cursor.length} shards, and there are ${of}.`, {
    status: 400,
    code: 'invalid-parameter',
    next: 'Begin the list anew, without a cursor.',
    errors: [{ pointer: 'cursor', detail: `must have a place in each of ${of} shards` }],
  });
}
