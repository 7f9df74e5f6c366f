import type { Json, MapState, State } from '@baton/asl';
import { assertNever } from '@baton/contracts';
import type { Pending, VisitState } from '../state/run-state.js';
import type { FailedVisit } from './data/evaluation.js';
import { failTask, isForWorker } from './failure.js';
import { resolveQuestion } from './resolve-question.js';
import { askForTask } from './states/ask-for-task.js';
import { beginState } from './states/begin-state.js';
import { branchSettled, finishVisit, itemSettled } from './states/leave-state.js';
import { startRead } from './states/map.js';
import { failMapTask, writtenResult } from './states/map-tasks.js';
import { startBranches } from './states/parallel.js';
import { scheduleTask } from './states/task.js';
import { scheduleTimer } from './states/wait.js';
import { definitionOf, type Turn, visitOf } from './turn/turn.js';

/**
 * Goes on with a visit that waits for no command: acts on what it was told, or does what its state does next. Right for
 * a visit at any point between two events, so a run can be taken up wherever its log ends.
 */
export async function advanceVisit(turn: Turn, visitNumber: number): Promise<FailedVisit | null> {
  const visit = visitOf(turn, visitNumber);
  const state = definitionOf(turn, visit);
  const { pending, question } = visit;
  if (question !== null && pending !== null) return resolveQuestion(turn, visit, question, pending);
  if (pending === null) return advanceUntold(turn, visit, state);
  switch (pending.type) {
    case 'result': {
      if (state.Type === 'Map') return toldOfMap(turn, visit, state, pending.output);
      if (state.Type !== 'Task') throw new Error(`the state ${visit.state} has a result but is no Task`);
      const { output } = pending;
      return finishVisit(turn, visit, state, { result: output }, output);
    }
    case 'failure':
      if (state.Type === 'Map') return failMapTask(turn, visit, pending);
      return failTask(turn, visit, pending);
    case 'retry': {
      const notBeforeMs = Date.parse(pending.notBefore);
      if (pending.isAfterTask && isForWorker(state)) return scheduleTask(turn, visit, state, notBeforeMs);
      scheduleTimer(turn, visit, notBeforeMs);
      return null;
    }
    case 'budget':
      return letIn(turn, visit, state, pending);
    case 'advice':
    case 'no-advice':
      throw new Error(`the state ${visit.state} has advice and did not ask for any`);
    case 'wait':
      scheduleTimer(turn, visit, Date.parse(pending.until));
      return null;
    case 'fired':
      // A Wait is over, or a state is tried again.
      return state.Type === 'Wait'
        ? finishVisit(turn, visit, state, {}, visit.input)
        : beginState(turn, visitNumber, state);
    default:
      return assertNever(pending);
  }
}

/** A worker has read the items of a Map, or written its results. */
async function toldOfMap(turn: Turn, visit: VisitState, state: MapState, output: Json): Promise<FailedVisit | null> {
  if (visit.map === null) return startRead(turn, visit, state, output);
  const result = writtenResult(turn, visit, output);
  return finishVisit(turn, visit, state, { result }, result);
}

/** There is budget for a visit that waited for it: its task goes out, as it was to when there was none. */
async function letIn(
  turn: Turn,
  visit: VisitState,
  state: State,
  { notBefore, recovery }: Extract<Pending, { type: 'budget' }>,
): Promise<FailedVisit | null> {
  if (state.Type !== 'Task') return beginState(turn, visit.visit, state);
  const again = recovery === undefined ? null : { strategy: recovery.strategy, previous: recovery };
  return scheduleTask(turn, visit, state, notBefore === undefined ? null : Date.parse(notBefore), again);
}

/** A visit that was told nothing does what its state does next: begins, or waits on for its branches or items. */
async function advanceUntold(turn: Turn, visit: VisitState, state: State): Promise<FailedVisit | null> {
  const { conversation } = visit;
  if (state.Type === 'Task' && conversation?.answer === null) return askForTask(turn, visit, state, conversation);
  if (state.Type === 'Parallel' && visit.branches.size > 0) {
    const isStarted = visit.branches.size === state.Branches.length;
    return isStarted ? branchSettled(turn, visit, state) : startBranches(turn, visit, state);
  }
  return visit.map === null ? beginState(turn, visit.visit, state) : itemSettled(turn, visit.visit);
}
