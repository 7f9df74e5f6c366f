import type { RunView } from '@baton/contracts';
import { findRunIds, readStream } from '@baton/event-store';
import type { Pool } from 'pg';
import { loadFolds } from '../projection/fold-store.js';
import { foldStored } from '../projection/project-page.js';
import type { RunFold } from '../run-view/run-fold.js';
import { viewOf } from '../run-view/view-of.js';
import { acceptedRuns } from './accepted-runs.js';
import { isInScope, type RunScope } from './run-scope.js';

/** What a run id, or the beginning of one, stands for. */
export type RunLookup =
  | { readonly status: 'found'; readonly runId: string }
  | { readonly status: 'not-found' }
  /** `runIds` are the first few that begin so. */
  | { readonly status: 'ambiguous'; readonly runIds: readonly string[] };

const SHOWN_CANDIDATES = 5;
const SEEN_CANDIDATES = 50;
const RUN_ID_PREFIX = /^[0-9a-f-]{1,36}$/;
const PAGE = 500;

/**
 * Finds a run by its full id or by a prefix that no other run shares. Looks into the log and the inbox, not into the
 * views: a run is found from the moment its submission is stored.
 *
 * @param scope runs outside of it are not there; among more than fifty that begin so, not all are looked at
 */
export async function findRun(pool: Pool, idOrPrefix: string, scope: RunScope | null = null): Promise<RunLookup> {
  const prefix = idOrPrefix.toLowerCase();
  if (!RUN_ID_PREFIX.test(prefix)) return { status: 'not-found' };
  const most = scope === null ? SHOWN_CANDIDATES : SEEN_CANDIDATES;
  const accepted = await acceptedRuns(pool, prefix, most);
  const begun = await findRunIds(pool, prefix, most);
  // A run can be in both: it began between the two reads, in this order never in neither.
  const found = [...new Set([...begun, ...accepted.map(({ runId }) => runId)])].sort();
  const runIds = scope === null ? found : await ofScope(pool, found, scope);
  const [runId] = runIds;
  if (runId === undefined) return { status: 'not-found' };
  return runIds.length === 1
    ? { status: 'found', runId }
    : { status: 'ambiguous', runIds: runIds.slice(0, SHOWN_CANDIDATES) };
}

async function ofScope(pool: Pool, runIds: readonly string[], scope: RunScope): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const runId of runIds) {
    const run = await getRun(pool, runId);
    if (run !== null && isInScope(run, scope)) seen.push(runId);
  }
  return seen;
}

/**
 * A run as it is now: its stored view, and the events of the log that are newer, folded onto it. A reader sees what was
 * committed before it asked, however far behind the projection is.
 *
 * @param runId a full id, as `findRun` gives it
 * @returns null when there is no such run
 * @throws BatonError `unknown-event-type` or `run-out-of-order` when the log cannot be folded
 */
export async function getRun(pool: Pool, runId: string): Promise<RunView | null> {
  const accepted = await acceptedRuns(pool, runId, 1);
  const stored = (await loadFolds(pool, [runId])).get(runId) ?? null;
  const current = await foldOn(pool, runId, stored);
  return current === null ? (accepted[0] ?? null) : viewOf(current);
}

/** Folds what the log has beyond a fold, up to `toVersion` if one is given. */
export async function foldOn(
  pool: Pool,
  runId: string,
  from: RunFold | null,
  toVersion?: number,
): Promise<RunFold | null> {
  let fold = from;
  for (;;) {
    const page = await readStream(pool, runId, {
      fromVersion: (fold?.facts.version ?? 0) + 1,
      limit: PAGE,
      ...(toVersion === undefined ? {} : { toVersion }),
    });
    for (const stored of page) fold = foldStored(fold, stored);
    if (page.length < PAGE) return fold;
  }
}
