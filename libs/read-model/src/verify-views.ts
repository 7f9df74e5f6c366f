import { setTimeout as sleep } from 'node:timers/promises';
import { type RunId, toError, type Verification } from '@baton/contracts';
import { archivedAmong, archivedTotals, logHead, readLogByRun, readStream, type StoredEvent } from '@baton/event-store';
import {
  canonicalJson,
  evolve,
  initialState,
  isSnapshotOf,
  mayFollowEnd,
  type RunEvent,
  type RunState,
  readEvent,
} from '@baton/workflow';
import type { Pool } from 'pg';
import { readModel } from './database.js';
import { loadFolds, readCursor } from './projection/fold-store.js';
import { foldOn } from './queries/get-run.js';
import { evolveRunView } from './run-view/evolve-run-view.js';
import type { RunFold } from './run-view/run-fold.js';
import { toStored } from './run-view/stored-fold.js';

const EVENTS_AT_ONCE = 1_000;
const COMPARED_AT_ONCE = 200;
/** How long the projection may stand still before it counts as behind. */
const PATIENCE_MS = 2_000;
const POLL_MS = 50;

interface Replayed {
  readonly state: RunState;
  readonly fold: RunFold;
}

/**
 * Replays the whole log: every run's events must rebuild, and every stored view must equal a fresh fold. Runs go on
 * meanwhile: what is checked is the log up to its head at the start. One run is replayed after the other, so memory holds
 * a page of events, the run at hand, and the views that wait to be compared, however many runs are in motion.
 */
export async function verifyViews(pool: Pool, eventsAtOnce = EVENTS_AT_ONCE): Promise<Verification> {
  const head = await logHead(pool);
  const late = await behind(pool, head);
  if (late !== null) return { verified: false, events: head, runs: 0, problem: late };
  const { runs, problem: found } = await replayLog(pool, head, eventsAtOnce);
  const problem = found ?? (await invented(pool));
  return { verified: problem === null, events: head, runs, problem };
}

/**
 * Replays one run: its events must rebuild, and the stored view must equal a fresh fold of them.
 *
 * @param runId a full id
 */
export async function verifyRunView(pool: Pool, runId: RunId, eventsAtOnce = EVENTS_AT_ONCE): Promise<Verification> {
  const late = await behind(pool, await lastPositionOf(pool, runId));
  let run: Replayed | null = null;
  let version = 0;
  const verdict = (problem: string | null): Verification => ({
    verified: problem === null,
    events: version,
    runs: run === null ? 0 : 1,
    problem,
  });
  if (late !== null) return verdict(late);
  for (;;) {
    const page = await readStream(pool, runId, { fromVersion: version + 1, limit: eventsAtOnce });
    for (const stored of page) {
      const next = replayEvent(run, stored);
      if (typeof next === 'string') return verdict(next);
      run = next;
      version = stored.version;
    }
    if (page.length < eventsAtOnce) return verdict(run === null ? null : await compare(pool, [run.fold]));
  }
}

const lastPositionOf = async (pool: Pool, runId: RunId): Promise<number> => {
  const query = readModel(pool).selectFrom('stream').select('last_position').where('run_id', '=', runId);
  return (await query.executeTakeFirst())?.last_position ?? 0;
};

/** @returns how many runs were replayed, and the first problem, in words. */
async function replayLog(
  pool: Pool,
  head: number,
  eventsAtOnce: number,
): Promise<{ readonly runs: number; readonly problem: string | null }> {
  let [runs, events] = [0, 0];
  let folds: RunFold[] = [];
  for await (const fold of replayedRuns(pool, head, eventsAtOnce)) {
    if (typeof fold === 'string') return { runs, problem: fold };
    runs += 1;
    events += fold.facts.version;
    folds.push(fold);
    if (folds.length < COMPARED_AT_ONCE) continue;
    const problem = await compare(pool, folds);
    if (problem !== null) return { runs, problem };
    folds = [];
  }
  const wrong = await compare(pool, folds);
  const { events: archived } = await archivedTotals(pool);
  const lost = events + archived === head ? null : `The log has ${events} events up to position ${head}.`;
  return { runs, problem: wrong ?? lost };
}

/** The view of each run, folded anew; ends with what to say at the first that cannot be replayed. */
async function* replayedRuns(pool: Pool, head: number, eventsAtOnce: number): AsyncGenerator<RunFold | string> {
  let run: Replayed | null = null;
  let after: StoredEvent | null = null;
  for (;;) {
    const page: readonly StoredEvent[] = await readLogByRun(pool, { after, toPosition: head, limit: eventsAtOnce });
    for (const stored of page) {
      if (run !== null && stored.runId !== after?.runId) {
        yield run.fold;
        run = null;
      }
      const next = replayEvent(run, stored);
      if (typeof next === 'string') return yield next;
      run = next;
      after = stored;
    }
    if (page.length < eventsAtOnce) break;
  }
  if (run !== null) yield run.fold;
}

/** @returns the run after the event, or what to say when it cannot be replayed. */
function replayEvent(before: Replayed | null, stored: StoredEvent): Replayed | string {
  try {
    const event = readEvent(stored);
    const { state, fold } = goneOn(before, event);
    const lie = wrongSnapshot(state, event);
    if (lie !== null) return `Run ${stored.runId}: ${lie}`;
    return { state: evolve(state, event), fold: evolveRunView(fold, event, stored) };
  } catch (thrown) {
    return `Run ${stored.runId}: event ${stored.version} cannot be replayed: ${toError(thrown).message}`;
  }
}

/** What an event goes on from: nothing, once the run has ended, which evolveRunView refuses; but for what may follow an end. */
function goneOn(before: Replayed | null, event: RunEvent): { state: RunState; fold: RunFold | null } {
  if (before === null) return { state: initialState, fold: null };
  const { state, fold } = before;
  if (fold.facts.endedAt === null) return before;
  if (state.status === 'new' || !mayFollowEnd(state, event)) return { state: initialState, fold: null };
  // The retry brings the state along.
  return { state: event.type === 'RunRetried' ? initialState : state, fold };
}

/** Whoever reads a long run from the copy of its state in the log must find what its events say. */
function wrongSnapshot(state: RunState, event: RunEvent): string | null {
  if (event.type !== 'RunContinued' || state.status !== 'running') return null;
  return isSnapshotOf(state, event.data.carry)
    ? null
    : 'the state that it is continued from is not the one that its events give.';
}

/** Stored views against folds made now. @returns the first that differs, in words. */
async function compare(pool: Pool, fresh: readonly RunFold[]): Promise<string | null> {
  const runIds = fresh.map(({ facts }) => facts.runId);
  const stored = await loadFolds(pool, runIds);
  for (const fold of fresh) {
    const { runId, version } = fold.facts;
    const found = stored.get(runId);
    if (found === undefined) {
      // Its events go next.
      if ((await archivedAmong(pool, [runId])).length > 0) continue;
      return `Run ${runId} is missing from the read model.`;
    }
    // The run may have gone on since the replay passed it.
    const current = await foldOn(pool, runId, fold, Math.max(found.facts.version, version));
    if (current === null || canonicalJson(toStored(current)) !== canonicalJson(toStored(found))) {
      return `The read model shows run ${runId} otherwise than its events up to version ${found.facts.version} say.`;
    }
  }
  return null;
}

/** @returns what to say of a view without a run. */
async function invented(pool: Pool): Promise<string | null> {
  const row = await readModel(pool)
    .selectFrom('run_view as v')
    .select('v.run_id')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('stream as s').select('s.run_id').whereRef('s.run_id', '=', 'v.run_id'))),
    )
    // What is noted to be in an archive goes next, with its view.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('archived_run as r')
            .innerJoin('archive as a', 'a.archive_id', 'r.archive_id')
            .select('r.run_id')
            .whereRef('r.run_id', '=', 'v.run_id')
            .where('a.cleared_at', 'is', null),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : `The read model shows run ${row.run_id}, which has no event.`;
}

/** Waits for the projection to reach the head, as long as it moves. @returns what to say when it does not. */
async function behind(pool: Pool, head: number): Promise<string | null> {
  let cursor = await readCursor(pool);
  for (let stillMs = 0; cursor < head && stillMs < PATIENCE_MS; stillMs += POLL_MS) {
    await sleep(POLL_MS);
    const before = cursor;
    cursor = await readCursor(pool);
    if (cursor > before) stillMs = 0;
  }
  return cursor >= head ? null : `The read model stands still ${head - cursor} events behind the log.`;
}
