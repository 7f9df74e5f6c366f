import { BatonError, type RunStatus, RunView } from '@baton/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import { storableLabels } from '../projection/fold-store.js';
import { newestAcceptedRuns } from './accepted-runs.js';

export interface RunFilter {
  readonly status?: RunStatus | undefined;
  /** The name, without a version. */
  readonly workflow?: string | undefined;
  /** A run must have all of them. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

export interface RunPage {
  readonly runs: readonly RunView[];
  /** Where the next page begins; null on the last one. Opaque to clients. */
  readonly next: string | null;
}

/** A place in the order of the list: the last run of a page. */
const Place = z.object({ startedAt: z.iso.datetime(), runId: z.uuid() });
type Place = z.infer<typeof Place>;

const Row = z.object({ view: z.string() });

/**
 * Runs, newest first by their start; those only accepted stand at the time their submission was stored. The views are
 * as the projection has them, normally a tenth of a second behind the log.
 *
 * @param limit at least 1
 * @param cursor `next` of the page before
 * @throws BatonError `invalid-cursor`
 */
export async function listRuns(pool: Pool, filter: RunFilter, limit: number, cursor?: string): Promise<RunPage> {
  const before = cursor === undefined ? null : parseCursor(cursor);
  const accepted = await listAccepted(pool, filter, limit + 1, before);
  const begun = filter.status === 'accepted' ? [] : await listBegun(pool, filter, limit + 1, before);
  // A submission that began between the two reads is in both; its view is the newer truth.
  const known = new Set(begun.map(({ runId }) => runId));
  const merged = [...begun, ...accepted.filter(({ runId }) => !known.has(runId))].sort(newestFirst);
  const runs = merged.slice(0, limit);
  const last = runs.at(-1);
  return { runs, next: merged.length > limit && last !== undefined ? toCursor(last) : null };
}

async function listBegun(
  pool: Pool,
  filter: RunFilter,
  limit: number,
  before: Place | null,
): Promise<readonly RunView[]> {
  const { rows } = await pool.query(
    `select view::text as view from baton.run_view
      where ($1::text is null or status = $1)
        and ($2::text is null or workflow = $2)
        and ($3::jsonb is null or labels @> $3)
        and ($4::timestamptz is null or (started_at, run_id) < ($4::timestamptz, $5::uuid))
      order by started_at desc, run_id desc limit $6`,
    [
      filter.status ?? null,
      filter.workflow ?? null,
      filter.labels === undefined ? null : JSON.stringify(storableLabels(filter.labels)),
      before?.startedAt ?? null,
      before?.runId ?? null,
      limit,
    ],
  );
  return rows.map((row) => RunView.parse(JSON.parse(Row.parse(row).view)));
}

/** The inbox holds what arrived in the last moment, or what waits for a hub that is down: it is filtered here. */
async function listAccepted(
  pool: Pool,
  filter: RunFilter,
  limit: number,
  from: Place | null,
): Promise<readonly RunView[]> {
  if (filter.status !== undefined && filter.status !== 'accepted') return [];
  const found: RunView[] = [];
  let before = from;
  for (;;) {
    const page = await newestAcceptedRuns(pool, before, PAGE);
    found.push(...page.filter((view) => matches(view, filter)));
    before = page.at(-1) ?? before;
    if (page.length < PAGE || found.length >= limit) return found.slice(0, limit);
  }
}

const PAGE = 200;

function matches(view: RunView, { workflow, labels }: RunFilter): boolean {
  if (workflow !== undefined && view.workflow !== workflow) return false;
  return Object.entries(labels ?? {}).every(
    ([name, value]) => Object.hasOwn(view.labels, name) && view.labels[name] === value,
  );
}

function newestFirst(a: RunView, b: RunView): number {
  const [left, right] = [Date.parse(a.startedAt), Date.parse(b.startedAt)];
  if (left !== right) return right - left;
  return a.runId < b.runId ? 1 : -1;
}

const toCursor = ({ startedAt, runId }: RunView): string =>
  Buffer.from(JSON.stringify({ startedAt, runId } satisfies Place)).toString('base64url');

function parseCursor(cursor: string): Place {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new BatonError('The cursor is not one that a list of runs gave.', {
      code: 'invalid-cursor',
      next: 'Take the cursor from `next` of the page before, or leave it out to begin with the newest run.',
      cause,
    });
  }
}
