import { assertNever } from '@baton/contracts';
import { Map as PersistentMap } from 'immutable';
import type { RunEvent, RunEventOf } from './events.js';
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
} from './fold-frames.js';
import type { RunState, StartedRun } from './state.js';

/**
 * Folds one event into the state. Synchronous and total: it reads nothing but its arguments, evaluates no expression,
 * and an event that does not fit the state leaves the state as it is.
 */
export function evolve(state: RunState, event: RunEvent): RunState {
  if (state.status === 'new') return event.type === 'RunStarted' ? startRun(event.data) : state;
  // Nothing follows the end of a run.
  if (state.status !== 'running') return state;
  const next = fold(state, event);
  return next === state ? state : { ...next, eventCount: state.eventCount + 1 };
}

function startRun(data: RunEventOf<'RunStarted'>['data']): StartedRun {
  return {
    status: 'running',
    workflow: data.workflow,
    document: data.document,
    input: data.input,
    startedAt: data.startedAt ?? null,
    requestId: data.requestId,
    submittedBy: data.submittedBy,
    labels: data.labels,
    priority: data.priority,
    decisionMode: data.decisionMode,
    budget: data.budget,
    frames: PersistentMap(),
    visits: PersistentMap(),
    commands: PersistentMap(),
    nextFrame: 0,
    nextVisit: 0,
    nextCommand: 1,
    nextDecision: 1,
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
      return run;
    case 'FrameStarted':
      return startFrame(run, event.data);
    case 'StateEntered':
      return enterState(run, event.data);
    case 'MapStarted':
      return startMap(run, event.data);
    case 'TaskScheduled':
      return openCommand(run, { ...event.data, kind: 'task' });
    case 'TimerScheduled': {
      const { visit, commandId, dueAt } = event.data;
      const waits = { attempt: 0, notBefore: null, deadline: dueAt, heartbeatSeconds: null };
      return openCommand(run, { visit, commandId, kind: 'timer', ...waits });
    }
    case 'TaskSucceeded':
    case 'CommandCancelled':
    case 'TimerFired':
      return closeCommand(run, event.data);
    case 'TaskFailed':
    case 'TaskTimedOut': {
      const closed = closeCommand(run, event.data);
      return closed === run ? run : { ...closed, errorCount: run.errorCount + 1 };
    }
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

function recordDecision(run: StartedRun, { decision }: RunEventOf<'DecisionMade'>['data']): StartedRun {
  const { phase, round, scores } = decision;
  const isRound = decision.point.kind === 'choice' && phase !== null && round !== null && scores !== null;
  return {
    ...run,
    nextDecision: run.nextDecision + 1,
    scores: isRound ? [...run.scores, { phase, round, scores }] : run.scores,
  };
}

const end = (run: StartedRun): StartedRun => ({
  ...run,
  frames: run.frames.clear(),
  visits: run.visits.clear(),
  commands: run.commands.clear(),
});
