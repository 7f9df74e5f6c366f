import { ErrorName } from '@baton/asl';
import { assertNever } from '@baton/contracts';
import { Map as PersistentMap } from 'immutable';
import { documentOfRun } from './document/default-language.js';
import type { RunEvent, RunEventOf } from './events/run-event.js';
import {
  abortFrame,
  closeCommand,
  endFrame,
  enterState,
  failState,
  leaveState,
  openCommand,
  retryState,
  startFrame,
  startMap,
} from './folding/fold-frames.js';
import { handInWork, refuseHandIn } from './folding/fold-hand-ins.js';
import { toldByTask } from './folding/fold-map.js';
import {
  answerOf,
  answerTask,
  approvalOutcome,
  awaitBudget,
  changeApproval,
  closeAdvice,
  extendBudget,
  failTask,
  noteAnswer,
  noteCost,
  noteOutcome,
  noteQuestion,
  recordDecision,
  requestAdvice,
  scheduleTask,
  submitTask,
  withFacts,
  withUsage,
} from './folding/fold-tasks.js';
import { noteLeftOff } from './folding/left-off.js';
import { commandOrdinal } from './ids.js';
import { NOTHING_RESERVED } from './state/reserved.js';
import { fromSnapshot, toldBy } from './state/run-snapshot.js';
import type { RunState, StartedRun } from './state/run-state.js';
import { EMPTY_LINE } from './state/waiting-line.js';

/**
 * Folds one event into the state. Synchronous and total: it reads nothing but its arguments, evaluates no expression,
 * and an event that does not fit the state leaves the state as it is.
 */
export function evolve(state: RunState, event: RunEvent): RunState {
  if (state.status === 'new') return begin(event) ?? state;
  if (state.status !== 'running' && !mayFollowEnd(state, event)) return state;
  const next = fold(state, event);
  if (next !== state) setEventCount(next, state.eventCount + 1);
  return next;
}

/** What `fold` has just made is nobody else's yet: one more copy of some fifty members was a tenth of a replay. */
function setEventCount(fresh: { eventCount: number }, eventCount: number): void {
  fresh.eventCount = eventCount;
}

/** Nothing follows the end of a run, but a retry of one that failed, what people think of it, and advice in shadow that was still out. */
export function mayFollowEnd(run: StartedRun, event: RunEvent): boolean {
  switch (event.type) {
    case 'RunRetried':
      return run.status === 'failed';
    case 'RunRated':
      return true;
    case 'AdviceGiven':
    case 'AdviceFailed':
      return run.shadows.has(event.data.commandId);
    default:
      return false;
  }
}

/** A run begins with its start, or is read from an event that holds all of it. */
function begin(event: RunEvent): StartedRun | null {
  switch (event.type) {
    case 'RunStarted':
      return startRun(event.data);
    case 'RunForked':
    case 'RunRetried':
    case 'RunContinued': {
      const carried = fromSnapshot(event.data.carry);
      return { ...carried, eventCount: carried.eventCount + 1 };
    }
    default:
      return null;
  }
}

function startRun(data: RunEventOf<'RunStarted'>['data']): StartedRun {
  return {
    status: 'running',
    workflow: data.workflow,
    document: documentOfRun(data.document, data.defaultLanguage),
    input: data.input,
    startedAt: data.startedAt ?? null,
    timedFrom: data.startedAt ?? null,
    requestId: data.requestId,
    submittedBy: data.submittedBy,
    labels: data.labels,
    priority: data.priority,
    decisionMode: data.decisionMode,
    hasModelAnswered: false,
    budget: data.budget,
    costs: data.shares === undefined ? null : {},
    parent: data.parent ?? null,
    ...(data.agents === undefined ? {} : { agents: data.agents }),
    ...(data.by === undefined ? {} : { by: data.by }),
    ...(data.engine === undefined ? {} : { engine: data.engine }),
    ...(data.trace === undefined ? {} : { trace: data.trace }),
    isPaused: false,
    unfinished: null,
    signals: [],
    retryCount: 0,
    spent: { microUsd: 0, tokens: 0, hasUnknownPrice: false },
    extended: { microUsd: 0, tokens: 0, wallClock: 0 },
    warned: [],
    failures: [],
    steps: [],
    answers: [],
    outputs: [],
    frames: PersistentMap(),
    visits: PersistentMap(),
    commands: PersistentMap(),
    reserved: NOTHING_RESERVED,
    waiting: EMPTY_LINE,
    shadows: PersistentMap(),
    nextFrame: 0,
    nextVisit: 0,
    nextCommand: 1,
    nextDecision: 1,
    nextSignal: 1,
    eventCount: 1,
    errorCount: 0,
    phase: null,
    scores: [],
    output: null,
    error: null,
    cause: null,
  };
}

function fold(run: StartedRun, event: RunEvent): StartedRun {
  switch (event.type) {
    case 'RunStarted':
    case 'RunForked':
      return run;
    case 'RunRetried':
      return fromSnapshot(event.data.carry);
    case 'RunContinued':
      // The state stays; that an event was folded in is all that changes. Old copies have sums of doubles: whoever reads
      // past one has to come to the same money as whoever reads from it.
      return { ...run, ...toldBy(event.data.carry) };
    case 'EngineChanged':
      return { ...run, engine: event.data.engine };
    case 'RunRated':
      // Nothing of it changes; that an event was folded in does.
      return { ...run };
    case 'RunPaused':
      return { ...run, isPaused: true };
    case 'RunResumed':
      return { ...run, isPaused: false };
    case 'TurnYielded': {
      const { commandId, entered } = event.data;
      const nextCommand = Math.max(run.nextCommand, commandOrdinal(commandId) + 1);
      return { ...run, unfinished: { commandId, entered }, nextCommand };
    }
    case 'TurnResumed':
      return run.unfinished?.commandId === event.data.commandId ? { ...run, unfinished: null } : run;
    case 'SignalReceived': {
      const { signal, name, data } = event.data;
      return { ...run, signals: [...run.signals, { signal, name, data }], nextSignal: signal + 1 };
    }
    case 'FrameStarted':
      return startFrame(run, event.data);
    case 'StateEntered':
      return enterState(run, event.data);
    case 'MapStarted':
      return startMap(run, event.data);
    case 'TaskScheduled':
      return scheduleTask(run, event.data);
    case 'TimerScheduled': {
      const { visit, commandId, dueAt } = event.data;
      const waits = { attempt: 0, notBefore: null, deadline: dueAt, heartbeatSeconds: null };
      const nothing = { resource: null, sha256: null, budget: null, approval: null, questions: 0, recovery: null };
      return openCommand(run, { visit, commandId, kind: 'timer', ...nothing, ...waits }, null);
    }
    case 'TaskSucceeded': {
      const { output, signal } = event.data;
      const noted = noteCost(noteOutcome(run, event.data, 'succeeded'), event.data);
      const { pending, map } = toldByTask(run, run.commands.get(event.data.commandId), output);
      const settled = closeCommand(noted, event.data, pending, map);
      const closed = withFacts(run, settled, event.data);
      if (signal === undefined || closed === run) return closed;
      return { ...closed, signals: run.signals.filter((kept) => kept.signal !== signal) };
    }
    case 'TaskSubmitted':
      return submitTask(noteCost(run, event.data), event.data);
    case 'CommandCancelled':
      return closeCommand(noteOutcome(run, event.data, 'cancelled'), event.data, null);
    case 'TimerFired':
      return closeCommand(run, event.data, { type: 'fired' });
    case 'ApprovalDecided': {
      const noted = noteAnswer(run, event.data);
      return (
        answerTask(noted, event.data, answerOf(event.data)) ??
        handInWork(noted, event.data) ??
        closeCommand(noted, event.data, approvalOutcome(run, event.data))
      );
    }
    case 'ApprovalCounted': {
      const { by, comment } = event.data;
      return changeApproval(noteAnswer(run, event.data), event.data, (approval) => ({
        ...approval,
        given: [...approval.given, { by, comment }],
      }));
    }
    case 'ApprovalReminded':
      return changeApproval(run, event.data, (approval) => ({ ...approval, remindAt: null }));
    case 'ApprovalEscalated':
      return changeApproval(run, event.data, (approval) => ({ ...approval, escalateAt: null, isEscalated: true }));
    case 'TaskFailed': {
      const { error, cause, retryable } = event.data;
      const refused = refuseHandIn(run, event.data);
      if (refused !== null) return refused;
      return withFacts(
        run,
        failTask(noteLeftOff(noteCost(run, event.data), event.data), event.data, {
          error,
          cause,
          isRetryable: retryable,
        }),
        event.data,
      );
    }
    case 'TaskAsked':
      return noteQuestion(noteCost(run, event.data), event.data);
    case 'TaskTimedOut': {
      const { error, cause = '' } = event.data;
      const unanswered = answerTask(run, event.data, { outcome: 'timed-out', text: '', by: null });
      return unanswered ?? failTask(run, event.data, { error, cause, isRetryable: true });
    }
    case 'AdviceRequested':
      return requestAdvice(run, event.data);
    case 'AdviceGiven': {
      const { output, usage } = event.data;
      const costUsd = usage?.costUsd ?? null;
      return withUsage(run, closeAdvice(run, event.data, { type: 'advice', output, costUsd }), usage);
    }
    case 'AdviceFailed': {
      const { error, cause, usage } = event.data;
      const problem = error === ErrorName.timeout ? 'no advice came in time' : `no advice: ${error}: ${cause}`;
      return withUsage(run, closeAdvice(run, event.data, { type: 'no-advice', problem }), usage);
    }
    case 'BudgetWarned':
      return { ...run, warned: [...run.warned, event.data.kind] };
    case 'BudgetExhausted':
      return { ...run };
    case 'BudgetExtended':
      return extendBudget(run, event.data);
    case 'BudgetAwaited':
      return awaitBudget(run, event.data);
    case 'StateRetried':
      return retryState(run, event.data);
    case 'StateExited':
    case 'ErrorCaught':
      return leaveState(run, event.data);
    case 'StateFailed':
      return failState(run, event.data.visit);
    case 'FrameEnded':
      return endFrame(run, event.data);
    case 'FrameAborted':
      return abortFrame(run, event.data);
    case 'DecisionMade':
      return recordDecision(run, event.data);
    case 'RunSucceeded':
      return { ...end(run), status: 'succeeded', output: event.data.output };
    case 'RunFailed':
      return { ...end(run), status: 'failed', error: event.data.error, cause: event.data.cause };
    case 'RunCancelled':
      return { ...end(run), status: 'cancelled', cause: event.data.reason };
    default:
      return assertNever(event);
  }
}

const end = (run: StartedRun): StartedRun => ({
  ...run,
  frames: run.frames.clear(),
  visits: run.visits.clear(),
  commands: run.commands.clear(),
  reserved: NOTHING_RESERVED,
  waiting: EMPTY_LINE,
});
