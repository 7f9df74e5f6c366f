import { ErrorName } from '@baton/asl';
import { BatonErrorName, type RunId, TaskFacts } from '@baton/contracts';
import type { RunEvent, RunEventOf } from '../events/run-event.js';
import type { RunOrder } from '../orders.js';
import type { RunCut, StartedRun } from '../state/run-state.js';

/*
 * What a run was told, by what its log says of it. A turn begins with the fact that it was told, and that holds all of the
 * order but what shows in no event of the turn, and so changes none.
 */

/** The events of one order: `first` is the one that is no change of the engine, `all` has those up to the next order. */
export interface OneOrder {
  readonly runId: RunId;
  readonly first: RunEvent;
  readonly all: readonly { readonly type: string }[];
  /** An event of a type among `all`. */
  readonly eventOf: <T extends RunEvent['type']>(type: T) => RunEventOf<T> | null;
}

/** A cut that a retry or a fork may go on from. */
export type CutsOf = (event: RunEventOf<'RunForked'> | RunEventOf<'RunRetried'>) => Promise<readonly RunCut[]>;

/** @returns the orders that may have led to the events, most likely first; none where nothing that a run is told does */
export async function ordersOf(run: StartedRun | null, asked: OneOrder, cutsOf: CutsOf): Promise<readonly RunOrder[]> {
  const { first, runId } = asked;
  if (first.type === 'RunStarted') return [startOf(first.data, asked)];
  if (first.type === 'RunForked') {
    const cuts = await cutsOf(first);
    const { requestId, from, changed, carry } = first.data;
    const about = { requestId, runId, from, changed, labels: carry.state.labels, ...insteadOfBeginning(asked) };
    return cuts.map((cut) => ({ type: 'ForkRun', cut, ...about }));
  }
  if (run === null) return [];
  if (first.type === 'RunRetried') {
    const { requestId, reason } = first.data;
    const cuts = await cutsOf(first);
    return cuts.map((cut) => ({ type: 'RetryRun', requestId, runId, reason, cut, failedAt: run.eventCount }));
  }
  const cancelled = asked.eventOf('RunCancelled');
  if (cancelled !== null) return [{ type: 'CancelRun', ...cancelled.data }];
  return orderInRun(run, asked);
}

function startOf(data: RunEventOf<'RunStarted'>['data'], asked: OneOrder): RunOrder {
  const {
    requestId,
    workflow,
    document,
    input,
    labels,
    priority,
    decisionMode,
    submittedBy,
    agents,
    by,
    parent,
    trace,
  } = data;
  const { usd, tokens, wallClock } = data.budget;
  const budget = {
    ...(usd === null ? {} : { usd }),
    ...(tokens === null ? {} : { tokens }),
    ...(wallClock === null ? {} : { wallClock }),
  };
  const submission = {
    ...{ requestId, workflow: workflow.name, runId: asked.runId, input, labels, priority, budget, actor: submittedBy },
    decisions: { mode: decisionMode },
    ...(agents === undefined ? {} : { agents }),
    ...(by === undefined ? {} : { by }),
    ...(trace === undefined ? {} : { traceparent: trace }),
  };
  return { type: 'StartRun', submission, document, sha256: workflow.sha256, parent, ...insteadOfBeginning(asked) };
}

/** A run may be cancelled before it begins, or held: then nothing of it is entered. */
function insteadOfBeginning({
  all,
  eventOf,
}: OneOrder): Pick<Extract<RunOrder, { type: 'StartRun' }>, 'cancelled' | 'held'> {
  if (all.some(({ type }) => type === 'StateEntered')) return {};
  const cancelled = eventOf('RunCancelled');
  if (cancelled !== null) return { cancelled: cancelled.data };
  const held = eventOf('RunPaused');
  return held === null ? {} : { held: held.data };
}

function orderInRun(run: StartedRun, { first, runId }: OneOrder): readonly RunOrder[] {
  switch (first.type) {
    case 'RunPaused':
      return [{ type: 'PauseRun', ...first.data }];
    case 'RunResumed':
      return [{ type: 'ResumeRun', runId, ...first.data }];
    case 'RunRated': {
      const { by: _by, ...rating } = first.data;
      return [{ type: 'RateRun', ...rating }];
    }
    case 'SignalReceived': {
      const { requestId, name, data } = first.data;
      return [{ type: 'SignalRun', requestId, runId, name, data }];
    }
    case 'ApprovalCounted': {
      const { commandId, comment, requestId, roles } = first.data;
      return [{ type: 'DecideApproval', requestId, approvalId: commandId, decision: 'approve', comment, roles }];
    }
    case 'ApprovalDecided': {
      const { commandId, visit: _visit, by: _by, approvals: _approvals, ...answer } = first.data;
      return [{ type: 'DecideApproval', approvalId: commandId, ...answer }];
    }
    case 'TaskSubmitted':
      // What the worker said beside that is not kept.
      return [{ type: 'CompleteTask', commandId: first.data.commandId, output: null, ...factsIn(first.data) }];
    case 'TaskSucceeded': {
      const { commandId, output, requestId: byToken } = first.data;
      return [{ type: 'CompleteTask', commandId, output, byToken, ...factsIn(first.data) }];
    }
    case 'AdviceGiven': {
      const { commandId, output } = first.data;
      return [{ type: 'CompleteTask', commandId, output, ...factsIn(first.data) }];
    }
    case 'TaskFailed': {
      const { commandId, error, cause, retryable, requestId: byToken } = first.data;
      return [{ type: 'FailTask', commandId, error, cause, retryable, byToken, ...factsIn(first.data) }];
    }
    case 'TaskAsked': {
      const { commandId, asks } = first.data;
      return [{ type: 'FailTask', commandId, error: '', cause: '', retryable: false, asks, ...factsIn(first.data) }];
    }
    case 'AdviceFailed':
      return adviceOrders(first.data);
    case 'TaskTimedOut': {
      const { commandId, error } = first.data;
      return [{ type: 'ExpireCommand', commandId, isSilent: error === ErrorName.heartbeatTimeout }];
    }
    case 'TimerFired':
    case 'TurnResumed':
    case 'ApprovalReminded':
    case 'ApprovalEscalated':
      return [{ type: 'ExpireCommand', commandId: first.data.commandId }];
    default:
      // The time of the run was up, and that is all that the order, whichever it was, led to.
      return [...run.commands.keys()].slice(0, 1).map((commandId) => ({ type: 'ExpireCommand', commandId }));
  }
}

/** Who heard nothing from an advisor says so in his own words; what a worker says stands as it came. */
function adviceOrders(data: RunEventOf<'AdviceFailed'>['data']): readonly RunOrder[] {
  const { commandId, error, cause } = data;
  const told: RunOrder = { type: 'FailTask', commandId, error, cause, retryable: false, ...factsIn(data) };
  if (error === BatonErrorName.noAdvisor) return [{ type: 'LeaveUnadvised', commandId }, told];
  return error === ErrorName.timeout ? [{ type: 'ExpireCommand', commandId }, told] : [told];
}

/** What a worker said beside its result. */
const factsIn = (data: TaskFacts): TaskFacts => TaskFacts.parse(data);
