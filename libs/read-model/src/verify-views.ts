import { setTimeout as sleep } from 'node:timers/promises';
import { toError, type Verification } from '@baton/contracts';
import { logHead, readLog, type StoredEvent } from '@baton/event-store';
import {
  canonicalJson,
  evolve,
  initialState,
  isCarryOf,
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

const PAGE = 1_000;
const COMPARED_AT_ONCE = 200;
/** How long the projection may stand still before it counts as behind. */
const PATIENCE_MS = 2_000;
const POLL_MS = 50;

interface Replayed {
  readonly state: RunState;
  readonly fold: RunFold;
}

/** Runs in motion at this place of the log, and those that ended and wait to be compared. */
interface Replay {
  readonly open: Map<string, Replayed>;
  ended: readonly RunFold[];
  runs: number;
}

/**
 * Replays the whole log: every run's events must rebuild, and every stored view must equal a fresh fold. Runs go on
 * meanwhile: what is checked is the log up to its head at the start. Runs in motion are held in memory, ended ones only
 * until they are compared.
 */
export async function verifyViews(pool: Pool): Promise<Verification> {
  const head = await logHead(pool);
  const replay: Replay = { open: new Map(), ended: [], runs: 0 };
  const problem =
    (await behind(pool, head)) ??
    (await replayLog(pool, head, replay)) ??
    (await compareRest(pool, replay)) ??
    (await invented(pool));
  return { verified: problem === null, events: head, runs: replay.runs, problem };
}

/** @returns the first problem, in words. */
async function replayLog(pool: Pool, head: number, replay: Replay): Promise<string | null> {
  for (let position = 0; position < head; ) {
    const page = await readLog(pool, { afterPosition: position, limit: Math.min(PAGE, head - position) });
    for (const stored of page) {
      const problem = await replayEvent(pool, replay, stored);
      if (problem !== null) return problem;
    }
    const last = page.at(-1);
    if (last === undefined) return `The log has no event after position ${position}, although its head is ${head}.`;
    position = last.position;
    if (replay.ended.length >= COMPARED_AT_ONCE) {
      const problem = await compare(pool, replay.ended);
      if (problem !== null) return problem;
      replay.ended = [];
    }
  }
  return null;
}

async function replayEvent(pool: Pool, replay: Replay, stored: StoredEvent): Promise<string | null> {
  try {
    const event = readEvent(stored);
    const isBack = event.type === 'RunRetried' && !replay.open.has(stored.runId);
    const before = isBack ? await replayedAgain(pool, stored) : replay.open.get(stored.runId);
    const lie = before === undefined ? null : wrongCarry(before.state, event);
    if (lie !== null) return `Run ${stored.runId}: ${lie}`;
    const state = evolve(before?.state ?? initialState, event);
    const fold = evolveRunView(before?.fold ?? null, event, stored);
    if (stored.version === 1) replay.runs += 1;
    if (fold.facts.endedAt === null) {
      replay.open.set(stored.runId, { state, fold });
    } else {
      // An event after the end would find no fold to go on, which evolveRunView refuses; but for a retry.
      replay.open.delete(stored.runId);
      replay.ended = [...replay.ended, fold];
    }
    return null;
  } catch (thrown) {
    return `Run ${stored.runId}: event ${stored.version} cannot be replayed: ${toError(thrown).message}`;
  }
}

/** Whoever reads a long run from the copy of its state in the log must find what its events say. */
function wrongCarry(state: RunState, event: RunEvent): string | null {
  if (event.type !== 'RunContinued' || state.status !== 'running') return null;
  return isCarryOf(state, event.data.carry)
    ? null
    : 'the state that it is continued from is not the one that its events give.';
}

/** A run that had failed, and of which nothing was held any more. */
async function replayedAgain(pool: Pool, { runId, version }: StoredEvent): Promise<Replayed | undefined> {
  const fold = await foldOn(pool, runId, null, version - 1);
  // The retry brings the state along.
  return fold?.facts.status === 'failed' ? { state: initialState, fold } : undefined;
}

const compareRest = (pool: Pool, { ended, open }: Replay): Promise<string | null> =>
  compare(pool, [...ended, ...[...open.values()].map(({ fold }) => fold)]);

/** @returns the first difference between stored views and fresh folds, in words. */
async function compare(pool: Pool, fresh: readonly RunFold[]): Promise<string | null> {
  for (let from = 0; from < fresh.length; from += COMPARED_AT_ONCE) {
    const chunk = fresh.slice(from, from + COMPARED_AT_ONCE);
    const stored = await loadFolds(
      pool,
      chunk.map(({ facts }) => facts.runId),
    );
    for (const fold of chunk) {
      const { runId, version } = fold.facts;
      const found = stored.get(runId);
      if (found === undefined) return `Run ${runId} is missing from the read model.`;
      // The run may have gone on since the replay passed it.
      const current = await foldOn(pool, runId, fold, Math.max(found.facts.version, version));
      if (current === null || canonicalJson(toStored(current)) !== canonicalJson(toStored(found))) {
        return `The read model shows run ${runId} otherwise than its events up to version ${found.facts.version} say.`;
      }
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
