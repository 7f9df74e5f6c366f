import type { RunId } from '@baton/contracts';
import { machineOfDocument } from '../document/machine-of-document.js';
import { engineOf } from '../engine.js';
import type { RunEvent } from '../events/run-event.js';
import { decisionOrdinal } from '../ids.js';
import { isoTime } from '../interpreter/turn/turn.js';
import type { OrderMeta, RunOrder } from '../orders.js';
import { toSnapshot } from '../state/run-snapshot.js';
import type { RunCut, StartedRun } from '../state/run-state.js';
import { reopen } from './run-cut.js';

/** How a fork begins: the state of the cut, as a run of its own. Its time counts from now. */
export function forkEvent(order: Extract<RunOrder, { type: 'ForkRun' }>, meta: OrderMeta): RunEvent {
  const { requestId, from, cut, labels, changed } = order;
  const now = isoTime(meta.nowMs);
  const own = {
    requestId,
    submittedBy: meta.actor,
    labels,
    startedAt: now,
    timedFrom: now,
    retryCount: 0,
    eventCount: 0,
    ...decidedBy(meta),
  };
  return {
    type: 'RunForked',
    data: {
      ...{ requestId, from },
      ...(changed === undefined ? {} : { changed: { ...changed } }),
      carry: toSnapshot(renamed({ ...reopened(cut), ...own }, order.runId)),
    },
  };
}

/** A question that was answered before the cut is decided by the fork: under its own name. */
const renamed = (run: StartedRun, runId: RunId): StartedRun => ({
  ...run,
  visits: run.visits.map((visit) => {
    const { question } = visit;
    if (question === null) return visit;
    return { ...visit, question: { ...question, decisionId: `${runId}-d${decisionOrdinal(question.decisionId)}` } };
  }),
});

/** How a failed run goes on: with the state before it failed, and the numbers and scores of all that happened since. */
export function retryEvent(
  failed: StartedRun,
  order: Extract<RunOrder, { type: 'RetryRun' }>,
  meta: OrderMeta,
): RunEvent {
  const { requestId, reason, cut } = order;
  const { nextFrame, nextVisit, nextCommand, nextDecision, nextSignal, eventCount, errorCount, scores } = failed;
  // Advice in shadow may have come since it failed, and some may still come.
  const { spent, shadows } = failed;
  const carry = toSnapshot({
    ...reopened(cut),
    ...{ nextFrame, nextVisit, nextCommand, nextDecision, nextSignal, eventCount, errorCount, scores, spent, shadows },
    retryCount: failed.retryCount + 1,
    timedFrom: isoTime(meta.nowMs),
    ...decidedBy(meta),
  });
  return { type: 'RunRetried', data: { requestId, reason, version: cut.version, carry } };
}

/** A copy of the state says what decides from now on; where nothing is known of that, it says what the state did. */
function decidedBy(meta: OrderMeta): Partial<Pick<StartedRun, 'engine'>> {
  const engine = engineOf(meta);
  return engine === null ? {} : { engine };
}

function reopened(cut: RunCut): StartedRun {
  const machine = machineOfDocument(cut.state.document);
  if (machine === null) throw new Error('a run with a definition that cannot run has no cut');
  return reopen(cut, machine);
}
