import { readStream } from '@baton/event-store';
import type { PoolClient } from 'pg';
import { readModel } from '../database.js';
import type { RunFold } from '../run-view/run-fold.js';
import { saveApprovals } from './approval-store.js';
import { type FoldedEvent, saveDecisions } from './decision-store.js';
import { deleteExpectations, saveExpectations } from './expectation-store.js';
import { lockCursor, saveFolds } from './fold-store.js';
import { foldEvent } from './project-page.js';
import { saveUsage } from './usage-store.js';

/*
 * Runs leave the log for an archive, and come back, long after the projection has passed them: their views go and come with them,
 * in the same transaction.
 */

const PAGE = 500;

/**
 * Folds runs anew that are in the log again, as far as the projection has come: it folds the rest itself. Projectors wait until
 * the transaction ends.
 */
export async function foldRuns(client: PoolClient, runIds: readonly string[]): Promise<void> {
  const cursor = (await lockCursor(client, 'wait')) ?? 0;
  await deleteViews(client, runIds);
  for (const runId of runIds) {
    let fold: RunFold | null = null;
    for (let version = 1, isMore = true; isMore; ) {
      const page = await readStream(client, runId, { fromVersion: version, limit: PAGE });
      const read: FoldedEvent[] = [];
      for (const stored of page.filter(({ position }) => position <= cursor)) {
        const next = foldEvent(fold, stored);
        fold = next.fold;
        read.push(next.folded);
      }
      await saveDecisions(client, read);
      await saveApprovals(client, read);
      await saveUsage(client, read);
      // Each is held against what had ended by then, which is long ago, and others have ended since.
      for (const each of read) await saveExpectations(client, [each]);
      version += page.length;
      isMore = page.length === PAGE;
    }
    if (fold !== null) await saveFolds(client, [fold]);
  }
}

/** Drops the views of runs that are not in the log any more. */
export async function forgetRuns(client: PoolClient, runIds: readonly string[]): Promise<void> {
  await lockCursor(client, 'wait');
  await deleteViews(client, runIds);
}

async function deleteViews(client: PoolClient, runIds: readonly string[]): Promise<void> {
  for (const table of ['run_view', 'decision_view', 'approval_view', 'run_usage_view', 'agent_usage_view'] as const) {
    await readModel(client)
      .deleteFrom(table)
      .where('run_id', 'in', [...runIds])
      .execute();
  }
  await deleteExpectations(client, runIds);
}
