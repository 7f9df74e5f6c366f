import { BatonError, toError } from '@baton/contracts';
import { inTransaction, logHead, readLog, type StoredEvent } from '@baton/event-store';
import { readEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import type { Connection } from '../database.js';
import { evolveRunView } from '../run-view/evolve-run-view.js';
import type { RunFold } from '../run-view/run-fold.js';
import { deleteApprovals, saveApprovals } from './approval-store.js';
import { deleteDecisions, type FoldedEvent, saveDecisions } from './decision-store.js';
import { deleteExpectations, saveExpectations } from './expectation-store.js';
import { deleteFolds, loadFolds, lockCursor, moveCursor, saveFolds } from './fold-store.js';
import { deleteUsage, saveUsage } from './usage-store.js';

/** What became of an attempt to fold a page. `busy`: another projector is at it. */
export type PageOutcome = { readonly status: 'busy' } | ({ readonly status: 'folded' } & FoldedPage);

interface FoldedPage {
  readonly position: number;
  readonly events: number;
  /** The folds that the page changed, as they were stored. */
  readonly folds: ReadonlyMap<string, RunFold>;
}

/**
 * Folds the next page of the log into the views. Views and cursor change in one transaction, so an event counts exactly
 * once whenever the process or the database dies.
 *
 * @param recent `folds` of the page before
 * @param pool must have two connections to give: one holds the cursor's lock while the other reads the log
 * @throws BatonError `projection-stopped` when the next event cannot be folded; trying again cannot help. Anything else
 *   thrown is the database's, and trying again can.
 */
export function projectPage(
  pool: Pool,
  pageSize: number,
  recent: ReadonlyMap<string, RunFold> = new Map(),
): Promise<PageOutcome> {
  return inTransaction(pool, async (client) => {
    const cursor = await lockCursor(client, 'skip');
    if (cursor === null) return { status: 'busy' };
    // Before the page: what it does not have up to here is in archives.
    const head = await logHead(pool);
    const page = await foldPage(pool, client, { afterPosition: cursor, limit: pageSize }, recent);
    const position = page.events > 0 ? page.position : Math.max(cursor, head);
    if (position > cursor) await moveCursor(client, position);
    return { status: 'folded', ...page, position };
  });
}

/**
 * Folds every view again from the first event. Readers see the old views until it is done; projectors wait.
 *
 * @returns how many events were folded.
 * @throws BatonError `projection-stopped` as projectPage does; nothing has changed then.
 */
export function rebuild(pool: Pool, pageSize = 1_000): Promise<number> {
  return inTransaction(pool, async (client) => {
    await lockCursor(client, 'wait');
    await deleteFolds(client);
    await deleteDecisions(client);
    await deleteApprovals(client);
    await deleteUsage(client);
    await deleteExpectations(client, null);
    let folded = 0;
    let position = 0;
    let recent: ReadonlyMap<string, RunFold> = new Map();
    for (;;) {
      // The last events of the log may be in archives: the views have come as far as if these were there.
      const head = await logHead(pool);
      const page = await foldPage(pool, client, { afterPosition: position, limit: pageSize }, recent);
      if (page.events === 0) {
        position = Math.max(position, head);
        break;
      }
      folded += page.events;
      position = page.position;
      recent = page.folds;
    }
    await moveCursor(client, position);
    return folded;
  });
}

/** Reads a page, folds it and saves the folds; stops short of an event that cannot be folded, or throws if it is the first. */
async function foldPage(
  pool: Pool,
  client: Connection,
  place: { readonly afterPosition: number; readonly limit: number },
  recent: ReadonlyMap<string, RunFold>,
): Promise<FoldedPage> {
  const events = await readLog(pool, place);
  const { afterPosition } = place;
  const folds = await loadFolds(client, [...new Set(events.map(({ runId }) => runId))], recent);
  const read: FoldedEvent[] = [];
  let position = afterPosition;
  for (const stored of events) {
    try {
      const { fold, folded } = foldEvent(folds.get(stored.runId) ?? null, stored);
      folds.set(stored.runId, fold);
      read.push(folded);
    } catch (thrown) {
      if (position === afterPosition) throw stopped(stored, toError(thrown));
      break;
    }
    position = stored.position;
  }
  await saveFolds(client, [...folds.values()]);
  await saveDecisions(client, read);
  await saveApprovals(client, read);
  await saveUsage(client, read);
  await saveExpectations(client, read);
  return { position, events: read.length, folds };
}

/** Goes on with a fold, and says of the event what decisions and approvals are read from. */
export function foldEvent(
  before: RunFold | null,
  stored: StoredEvent,
): { readonly fold: RunFold; readonly folded: FoldedEvent } {
  const event = readEvent(stored);
  const fold = evolveRunView(before, event, stored);
  const visit = 'visit' in event.data ? fold.open.get(event.data.visit) : undefined;
  return {
    fold,
    folded: { event, stored, facts: fold.facts, steps: fold.steps, state: visit?.state, agent: visit?.agent ?? null },
  };
}

function stopped({ position, runId }: StoredEvent, error: Error): BatonError {
  const next = error instanceof BatonError ? error.next : undefined;
  return new BatonError(`The event at position ${position} (run ${runId}) cannot be folded: ${error.message}`, {
    code: 'projection-stopped',
    next: next ?? 'Verify the log with `baton audit verify`.',
    cause: error,
  });
}

/** Folds an event as the log holds it. @throws BatonError `unknown-event-type`, `malformed-event`, `run-out-of-order` … */
export const foldStored = (fold: RunFold | null, stored: StoredEvent): RunFold =>
  evolveRunView(fold, readEvent(stored), stored);
