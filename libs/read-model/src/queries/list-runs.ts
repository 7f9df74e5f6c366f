import { BatonError, RunSummary } from '@baton/contracts';
import { type SqlBool, sql } from 'kysely';
import type { Pool } from 'pg';
import { z } from 'zod';
import { readModel } from '../database.js';
import { wordsQuery } from '../run-view/words-of.js';
import { newestAcceptedRuns, type Place } from './accepted-runs.js';
import { answerableIn } from './answerable.js';
import { fits, fitsRow, isOnlyOfBegun, type RunFilter } from './run-filter.js';

export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** Where the next page begins; null on the last one. Opaque to clients. */
  readonly next: string | null;
}

const PlaceShape = z.object({ startedAt: z.iso.datetime(), runId: z.uuid() });

/**
 * Runs, newest first by their start; those only accepted stand at the time their submission was stored. The views are
 * as the projection has them, normally a tenth of a second behind the log. Under a filter a page may be short, or empty,
 * and have a next one all the same: a backlog is looked through piece by piece.
 *
 * @param limit at least 1
 * @param cursor `next` of the page before
 * @throws BatonError `invalid-cursor`
 */
export async function listRuns(pool: Pool, filter: RunFilter, limit: number, cursor?: string): Promise<RunPage> {
  const before = cursor === undefined ? null : placeOfRunsCursor(cursor);
  if (filter.answering === null) return { runs: [], next: null };
  const accepted = await listAccepted(pool, filter, limit + 1, before);
  const begun = filter.status === 'accepted' ? NOTHING : await listBegun(pool, filter, limit + 1, before);
  // A submission that began between the two reads is in both; its view is the newer truth.
  const known = new Set(begun.runs.map(({ runId }) => runId));
  const lookedTo = accepted.lookedTo ?? begun.lookedTo;
  const merged = [...begun.runs, ...accepted.runs.filter(({ runId }) => !known.has(runId))]
    .filter((run) => lookedTo === null || newestFirst(run, lookedTo) <= 0)
    .sort(newestFirst);
  const runs = merged.slice(0, limit);
  const last = merged.length > limit ? runs.at(-1) : lookedTo;
  return { runs, next: last == null ? null : cursorOfRuns(last) };
}

async function listBegun(pool: Pool, filter: RunFilter, limit: number, before: Place | null): Promise<Found> {
  const hits = filter.text === undefined ? null : await runsWithWords(pool, filter.text);
  if (hits?.length === 0) return NOTHING;
  const { answering } = filter;
  if (answering == null) return { runs: await beganBefore(pool, filter, hits, limit, before), lookedTo: null };
  // Who may answer is no matter of the database: those in which a person is asked are looked through.
  return lookThrough(limit, before, async (from) => {
    const page = await beganBefore(pool, filter, hits, PAGE, from);
    const ids = page.map(({ runId }) => runId);
    const theirs = new Set((await answerableIn(pool, ids, answering)).values());
    return { page, fitting: page.filter(({ runId }) => theirs.has(runId)) };
  });
}

async function beganBefore(
  pool: Pool,
  filter: RunFilter,
  hits: readonly string[] | null,
  limit: number,
  before: Place | null,
): Promise<readonly RunSummary[]> {
  let query = readModel(pool)
    .selectFrom('run_view')
    .select('view')
    .where((eb) => fitsRow(eb, filter, hits));
  if (before !== null) {
    const { startedAt, runId } = before;
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('started_at', 'run_id'), '<', tuple(new Date(startedAt), runId)),
    );
  }
  const rows = await query.orderBy('started_at', 'desc').orderBy('run_id', 'desc').limit(limit).execute();
  return rows.map(({ view }) => RunSummary.parse(JSON.parse(view)));
}

/**
 * Words that few runs have are looked up, and words that many have are met soon on the way from the newest run down. The planner
 * cannot tell the two apart: of beginnings of words it knows no numbers, and where it is wrong it reads a hundred thousand rows.
 *
 * @returns null where there are more than that is good for
 */
async function runsWithWords(pool: Pool, text: string): Promise<readonly string[] | null> {
  const rows = await readModel(pool)
    .selectFrom('run_view')
    .select('run_id')
    .where(sql<SqlBool>`words @@ ${wordsQuery(text)}::tsquery`)
    .limit(MOST_HITS + 1)
    .execute();
  return rows.length > MOST_HITS ? null : rows.map(({ run_id }) => run_id);
}

const MOST_HITS = 1_000;

interface Found {
  readonly runs: readonly RunSummary[];
  /** Beyond this place there may be more; null where there is not, or as many were found as were asked for. */
  readonly lookedTo: Place | null;
}

const NOTHING: Found = { runs: [], lookedTo: null };

/** The inbox holds what arrived in the last moment, or what waits for a hub that is down: it is filtered here. */
async function listAccepted(pool: Pool, filter: RunFilter, limit: number, from: Place | null): Promise<Found> {
  if (isOnlyOfBegun(filter)) return NOTHING;
  return lookThrough(limit, from, async (before) => {
    const page = await newestAcceptedRuns(pool, before, PAGE);
    return { page, fitting: page.filter((view) => fits(view, filter)).map((view) => RunSummary.parse(view)) };
  });
}

interface Looked {
  /** As many as were there, up to a page of them, newest first. */
  readonly page: readonly Place[];
  readonly fitting: readonly RunSummary[];
}

/** Page after page of what the database cannot filter, up to a bound. */
async function lookThrough(
  limit: number,
  from: Place | null,
  look: (before: Place | null) => Promise<Looked>,
): Promise<Found> {
  const found: RunSummary[] = [];
  let before = from;
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += PAGE) {
    const { page, fitting } = await look(before);
    found.push(...fitting);
    before = page.at(-1) ?? before;
    if (page.length < PAGE || found.length >= limit) return { runs: found.slice(0, limit), lookedTo: null };
  }
  return { runs: found, lookedTo: before };
}

const PAGE = 200;
/** How far into a backlog one request looks for runs that fit its filter. */
const MOST_LOOKED_AT = 1_000;

/** The order of the list. */
export function newestFirst(a: Place, b: Place): number {
  const [left, right] = [Date.parse(a.startedAt), Date.parse(b.startedAt)];
  if (left !== right) return right - left;
  return a.runId === b.runId ? 0 : a.runId < b.runId ? 1 : -1;
}

/** The cursor of a page that ends with this run: it is good for every log that has runs, whichever this one is in. */
export const cursorOfRuns = ({ startedAt, runId }: Place): string =>
  Buffer.from(JSON.stringify({ startedAt, runId } satisfies Place)).toString('base64url');

/** @throws BatonError `invalid-cursor` */
export function placeOfRunsCursor(cursor: string): Place {
  try {
    return PlaceShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new BatonError('The cursor is not one that a list of runs gave.', {
      code: 'invalid-cursor',
      next: 'Take the cursor from `next` of the page before, or leave it out to begin with the newest run.',
      cause,
    });
  }
}
