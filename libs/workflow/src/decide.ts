import { ErrorName } from '@baton/asl';
import { assertNever, type CommandId, type RunId } from '@baton/contracts';
import { forkEvent, retryEvent } from './cuts/fork-and-retry.js';
import { machineOfDocument } from './document/machine-of-document.js';
import { engineOf, isSameEngine } from './engine.js';
import type { RunEvent } from './events/run-event.js';
import { evolve } from './evolve.js';
import { runIdOf } from './ids.js';
import { continueFromLog } from './interpreter/continue-from-log.js';
import { failRun } from './interpreter/failure.js';
import { isTimeUp, remind } from './interpreter/remind.js';
import { runTurn } from './interpreter/run-turn.js';
import { adviceFact, factOf, fits, type Settling } from './interpreter/settle.js';
import { startEvents } from './interpreter/start.js';
import { warnOfBudget } from './interpreter/states/reserve-budget.js';
import { isKept, takeSignals } from './interpreter/states/signal.js';
import { abortRoot, dropShadows } from './interpreter/turn/abort.js';
import { runDeadlineMs } from './interpreter/turn/time-limit.js';
import { beginTurn, emit, type Turn } from './interpreter/turn/turn.js';
import type { OrderMeta, RunOrder } from './orders.js';
import {
  type CommandState,
  initialState,
  type RunState,
  type ShadowAdvice,
  type StartedRun,
} from './state/run-state.js';

/**
 * What happens because of an order: the events to append, first to last. `[]` means that the order is no longer relevant:
 * a duplicate, a late result, a run that has ended.
 *
 * The run goes on until everything in it waits for a command or has ended. Deterministic: the same state, order and
 * meta give the same events. Asynchronous only because the evaluator of expressions is.
 */
export async function decide(state: RunState, order: RunOrder, meta: OrderMeta): Promise<RunEvent[]> {
  const engine = engineOf(meta);
  // A run that begins or is taken up again says what decides in the event that it does so by.
  const isNew = state.status === 'running' && engine !== null && !isSameEngine(state.engine, engine);
  if (!isNew) return decideBy(state, order, meta);
  const changed: RunEvent = { type: 'EngineChanged', data: { engine } };
  const events = await decideBy(evolve(state, changed), order, meta);
  return events.length === 0 ? [] : [changed, ...events];
}

async function decideBy(state: RunState, order: RunOrder, meta: OrderMeta): Promise<RunEvent[]> {
  switch (order.type) {
    case 'StartRun':
      return state.status === 'new' ? start(order, meta) : [];
    case 'ForkRun':
      if (state.status !== 'new') return [];
      return (
        (await beginOnly([forkEvent(order, meta)], order, order.runId, meta)) ??
        continueAfter(state, forkEvent(order, meta), order.runId, meta)
      );
    case 'RetryRun':
      return state.status === 'failed' && isCutOf(order, state)
        ? continueAfter(state, retryEvent(state, order, meta), order.runId, meta)
        : [];
    case 'RateRun':
      return state.status === 'new' ? [] : [ratingEvent(order, meta)];
    default:
      if (state.status === 'new') return [];
      return state.status === 'running' ? decideRunning(state, order, meta) : decideEnded(state, order, meta);
  }
}

/** All that can still come, beside what people think of it, is advice in shadow that was out when the run ended. */
function decideEnded(run: StartedRun, order: Running, meta: OrderMeta): RunEvent[] {
  if (order.type !== 'CompleteTask' && order.type !== 'FailTask' && order.type !== 'ExpireCommand') return [];
  const shadow = run.shadows.get(order.commandId);
  return shadow === undefined ? [] : settleShadow(order, shadow, meta);
}

/**
 * Whether the cut of a retry is one of the failure that the run stands at: nothing came since but advice in shadow, which
 * changes nothing of what failed.
 */
const isCutOf = ({ cut, failedAt }: Extract<RunOrder, { type: 'RetryRun' }>, failed: StartedRun): boolean =>
  cut.state.retryCount === failed.retryCount && failed.eventCount >= failedAt;

type Running = Exclude<RunOrder, { type: 'StartRun' | 'ForkRun' | 'RetryRun' | 'RateRun' }>;

async function decideRunning(run: StartedRun, order: Running, meta: OrderMeta): Promise<RunEvent[]> {
  switch (order.type) {
    case 'CompleteTask':
    case 'FailTask':
    case 'ExpireCommand':
    case 'LeaveUnadvised':
    case 'DecideApproval': {
      const commandId = order.type === 'DecideApproval' ? order.approvalId : order.commandId;
      if (order.type === 'ExpireCommand' && commandId === run.unfinished?.commandId) return goOn(run, commandId, meta);
      const open = run.commands.get(commandId);
      if (open !== undefined) return settle(run, order, open, meta);
      const shadow = run.shadows.get(commandId);
      return shadow === undefined ? [] : settleShadow(order, shadow, meta);
    }
    case 'CancelRun':
      return cancel(run, order, '', meta);
    case 'PauseRun': {
      const { requestId, reason } = order;
      return run.isPaused ? [] : [{ type: 'RunPaused', data: { requestId, reason } }];
    }
    case 'ResumeRun':
      return run.isPaused ? continueAfter(run, resumeEvent(order), order.runId, meta) : [];
    case 'SignalRun': {
      if (!isKept(run, order.name)) return [];
      const { requestId, runId, name, data } = order;
      return inTurn(run, runId, meta, async (turn) => {
        emit(turn, { type: 'SignalReceived', data: { signal: turn.run.nextSignal, name, data, requestId } });
        if (!turn.run.isPaused) takeSignals(turn);
      });
    }
    default:
      return assertNever(order);
  }
}

const cancel = (
  run: StartedRun,
  { reason, requestId }: { readonly reason: string; readonly requestId: string },
  runId: RunId,
  meta: OrderMeta,
): Promise<RunEvent[]> =>
  inTurn(run, runId, meta, async (turn) => {
    abortRoot(turn, reason === '' ? 'the run was cancelled' : reason);
    dropShadows(turn);
    emit(turn, { type: 'RunCancelled', data: { reason, requestId } });
  });

/** A beginning after which nothing is begun: see `InsteadOfBeginning`. Null where the run may begin. */
async function beginOnly(
  opening: readonly RunEvent[],
  { cancelled, held }: Extract<RunOrder, { type: 'StartRun' | 'ForkRun' }>,
  runId: RunId,
  meta: OrderMeta,
): Promise<RunEvent[] | null> {
  if (cancelled === undefined && held === undefined) return null;
  const run = opening.reduce(evolve, initialState);
  if (run.status !== 'running') return [...opening];
  if (cancelled !== undefined) return [...opening, ...(await cancel(run, cancelled, runId, meta))];
  return held === undefined ? null : [...opening, { type: 'RunPaused', data: { ...held } }];
}

async function start(order: Extract<RunOrder, { type: 'StartRun' }>, meta: OrderMeta): Promise<RunEvent[]> {
  const opening = startEvents(order, meta);
  const run = opening.reduce(evolve, initialState);
  if (run.status !== 'running') return opening;
  const only = await beginOnly(opening, order, order.submission.runId, meta);
  if (only !== null) return only;
  const rest = await inTurn(run, order.submission.runId, meta, async (turn) => {
    turn.toEnter.push({ frame: 0, state: turn.machine.StartAt, isDecided: true });
  });
  return [...opening, ...rest];
}

/** An event after which the run goes on with whatever its state says comes next. */
async function continueAfter(before: RunState, event: RunEvent, runId: RunId, meta: OrderMeta): Promise<RunEvent[]> {
  const run = evolve(before, event);
  if (run.status !== 'running') throw new Error(`a run is not running after ${event.type}`);
  return [
    event,
    ...(await inTurn(run, runId, meta, async (turn) => {
      if (!endIfTimeIsUp(turn)) await continueFromLog(turn);
    })),
  ];
}

/** Goes on with what an earlier turn left. A run that is paused does so when it is resumed. */
async function goOn(run: StartedRun, commandId: CommandId, meta: OrderMeta): Promise<RunEvent[]> {
  const entered = run.unfinished?.entered ?? [];
  return inTurn(run, runIdOf(commandId), meta, async (turn) => {
    emit(turn, { type: 'TurnResumed', data: { commandId } });
    for (const { frame, states } of entered) turn.entered.set(frame, states);
    if (!turn.run.isPaused && !endIfTimeIsUp(turn)) await continueFromLog(turn);
  });
}

const ratingEvent = (
  { requestId, score, note, decisionId, state }: Extract<RunOrder, { type: 'RateRun' }>,
  { actor: by }: OrderMeta,
): RunEvent => {
  const about = { ...(decisionId === undefined ? {} : { decisionId }), ...(state === undefined ? {} : { state }) };
  return { type: 'RunRated', data: { requestId, score, note, ...about, by } };
};

const resumeEvent = ({ requestId }: Extract<RunOrder, { type: 'ResumeRun' }>): RunEvent => ({
  type: 'RunResumed',
  data: { requestId },
});

async function settle(state: StartedRun, order: Settling, open: CommandState, meta: OrderMeta): Promise<RunEvent[]> {
  if (!fits(order, open, state, meta)) return [];
  return inTurn(state, runIdOf(open.commandId), meta, async (turn) => {
    if (endIfTimeIsUp(turn)) return;
    if (order.type === 'ExpireCommand' && open.approval !== null && !isTimeUp(open, meta.nowMs)) {
      return remind(turn, open);
    }
    emit(turn, factOf(turn, order, open));
    // One approval of several: the question stands.
    if (turn.run.isPaused || turn.run.commands.has(open.commandId)) return;
    turn.toAdvance.push(open.visit);
    if (open.budget !== null) warnOfBudget(turn);
  });
}

/** Advice in shadow is put on record, and nothing follows from it. */
function settleShadow(order: Settling, shadow: ShadowAdvice, { nowMs }: OrderMeta): RunEvent[] {
  // No person is asked here: whoever answers means something else. And nobody waits, whoever is there.
  if (order.type === 'DecideApproval' || order.type === 'LeaveUnadvised') return [];
  const { visit, commandId, decisionId, deadline } = shadow;
  if (order.type === 'ExpireCommand' && nowMs < Date.parse(deadline)) return [];
  return [adviceFact(order, { visit, commandId, decisionId })];
}

/** TimeoutSeconds of the definition ends the run, past every retrier and catcher. */
function endIfTimeIsUp(turn: Turn): boolean {
  const deadlineMs = runDeadlineMs(turn.run, turn.machine);
  if (deadlineMs === null || turn.nowMs < deadlineMs) return false;
  const cause = `The run took longer than the ${turn.machine.TimeoutSeconds} seconds its definition allows.`;
  failRun(turn, { error: ErrorName.timeout, cause, isRetryable: false });
  return true;
}

/** Runs a decision to its end on a state of a running run, and gives its events. */
async function inTurn(
  state: StartedRun,
  runId: RunId,
  meta: OrderMeta,
  act: (turn: Turn) => Promise<void>,
): Promise<RunEvent[]> {
  const machine = machineOfDocument(state.document);
  if (machine === null) throw new Error('a run with a definition that cannot run is running');
  const turn = beginTurn(state, machine, runId, meta);
  await act(turn);
  await runTurn(turn);
  return turn.events;
}
