import {
  ErrorName,
  findCatcher,
  findRetrier,
  type JsonObject,
  randomFrom,
  retryDelayMs,
  type State,
  type TaskState,
} from '@baton/asl';
import { BatonErrorName } from '@baton/contracts';
import { mayHaveMore } from '../budgets/admission.js';
import type { Move } from '../decision-points/move.js';
import { workerKindOf } from '../document/resource.js';
import type { VisitState } from '../state/run-state.js';
import { evaluateResults, type FailedVisit, type Failure, failedVisit, failureIn } from './data/evaluation.js';
import { pathResults } from './data/paths.js';
import { decidePoint } from './decisions/decide-point.js';
import { proposeAfterFailure } from './decisions/propose.js';
import { withoutPersons } from './decisions/without-persons.js';
import { itemSettled } from './states/leave-state.js';
import { toleranceOf } from './states/map-items.js';
import { beginByHand, scheduleTask } from './states/task.js';
import { scheduleTimer } from './states/wait.js';
import { abortBranches, abortCommand, abortRoot } from './turn/abort.js';
import { definitionOf, emit, frameOf, isoTime, queryLanguageOf, type Turn, visitOf } from './turn/turn.js';

/** Deals with a failed state, and with the states around it that fail because of it, until nothing fails any more. */
export async function recover(turn: Turn, failed: FailedVisit | null): Promise<void> {
  for (let next = failed; next !== null; ) next = await recoverOne(turn, next);
}

/**
 * A state's retriers are asked first, then its catchers; where neither matches, its frame fails, and with it the state
 * that the frame is a branch of.
 */
async function recoverOne(turn: Turn, { visit: visitNumber, failure }: FailedVisit): Promise<FailedVisit | null> {
  const visit = visitOf(turn, visitNumber);
  const state = definitionOf(turn, visit);
  if (failure.isTerminal === true) {
    failRun(turn, failure);
    return null;
  }
  if (retry(turn, visit, state, failure)) return null;
  if (state.Type === 'Task') {
    const proposal = await withoutPersons(turn, visit, proposeAfterFailure(turn, visit, state, failure));
    const outcome = decidePoint(turn, visit, proposal);
    return outcome === null ? null : actOnFailure(turn, visit, state, failure, outcome.move);
  }
  const uncaught = await catchError(turn, visit, state, failure);
  return uncaught === null ? null : await giveUp(turn, visit, uncaught);
}

/** Does what was decided about a task that failed for good. */
export async function actOnFailure(
  turn: Turn,
  visit: VisitState,
  state: TaskState,
  failure: Failure,
  move: Move,
): Promise<FailedVisit | null> {
  if (move.recoveryStrategy !== null && move.id !== 'raise') {
    return scheduleTask(turn, visit, state, null, { strategy: move.recoveryStrategy, previous: failure });
  }
  if (move.id === 'by-hand') return beginByHand(turn, visit, state);
  if (move.id === 'fail') return giveUp(turn, visit, failure);
  const uncaught = await catchError(turn, visit, state, failure, move.index ?? undefined);
  return uncaught === null ? null : giveUp(turn, visit, uncaught);
}

/**
 * A task came back with an error. Where it is retried, a worker gets the next attempt at once, to begin when its time has
 * come; what no worker does waits for a timer, as any state that is retried.
 */
export async function failTask(turn: Turn, visit: VisitState, failure: Failure): Promise<FailedVisit | null> {
  const state = definitionOf(turn, visit);
  if (!isForWorker(state)) return failedVisit(visit, failure);
  // Its share was too small, and not the budget: it is sent out with a larger one.
  const isShareTooSmall = failure.error === BatonErrorName.budgetExhausted;
  if (isShareTooSmall && mayHaveMore(turn.run, visit.state, turn.nowMs)) return scheduleTask(turn, visit, state, null);
  const notBefore = noteRetry(turn, visit, state, failure);
  if (notBefore === null) return failedVisit(visit, failure);
  return scheduleTask(turn, visitOf(turn, visit.visit), state, notBefore);
}

export const isForWorker = (state: State): state is TaskState =>
  state.Type === 'Task' && workerKindOf(state.Resource) !== null;

/**
 * Retries what has no worker to hold it back until the time has come: a Parallel, or a state whose own expressions
 * failed. A timer does.
 */
function retry(turn: Turn, visit: VisitState, state: State, failure: Failure): boolean {
  const notBefore = noteRetry(turn, visit, state, failure);
  if (notBefore === null) return false;
  scheduleTimer(turn, visit, notBefore);
  return true;
}

/** Records the retry, if a retrier matches; gives the time when it may begin, or null. */
function noteRetry(turn: Turn, visit: VisitState, state: State, failure: Failure): number | null {
  const { error, cause, isRetryable } = failure;
  const retriers = 'Retry' in state && isRetryable ? state.Retry : undefined;
  const found = findRetrier(retriers, error, visit.retries);
  if (found === null) return null;
  const random = randomFrom(`${turn.runId}/${visit.visit}/${turn.run.eventCount}/jitter`)();
  const notBefore = turn.nowMs + retryDelayMs(found.retrier, found.retryNumber, random);
  const data = { visit: visit.visit, retrier: found.index, error, cause, notBefore: isoTime(notBefore) };
  emit(turn, { type: 'StateRetried', data });
  return notBefore;
}

/** Leaves the state through a catcher; gives the failure that remains where none matches, or null. */
async function catchError(
  turn: Turn,
  visit: VisitState,
  state: State,
  failure: Failure,
  index?: number,
): Promise<Failure | null> {
  const catchers = 'Catch' in state ? state.Catch : undefined;
  const chosen = index === undefined ? undefined : catchers?.[index];
  const found =
    chosen === undefined || index === undefined ? findCatcher(catchers, failure.error) : { index, catcher: chosen };
  if (found === null) return failure;
  const errorOutput = errorOutputOf(failure);
  const results =
    queryLanguageOf(turn, visit, state) === 'JSONPath'
      ? await pathResults(turn, visit, found.catcher, errorOutput)
      : await evaluateResults(turn, visit, found.catcher, { errorOutput }, errorOutput);
  // What fails while catching is not caught again.
  if (!results.ok) return results.failure;
  const { error, cause } = failure;
  const next = found.catcher.Next;
  // A task that failed for good was a decision point.
  const isDecided = state.Type === 'Task';
  const decided = isDecided ? { isDecided: true as const } : {};
  emit(turn, {
    type: 'ErrorCaught',
    data: { visit: visit.visit, catcher: found.index, error, cause, ...results.value, next, ...decided },
  });
  turn.toEnter.push({ frame: visit.frame, state: next, isDecided });
  return null;
}

/** `$states.errorOutput`. A Fail state need not name an error or a cause; empty stands for absent. */
const errorOutputOf = ({ error, cause }: Failure): JsonObject => ({
  ...(error === '' ? {} : { Error: error }),
  ...(cause === '' ? {} : { Cause: cause }),
});

/** Ends the frame of a failed state; gives the state around it, which failed with it, or null where nothing failed with it. */
async function giveUp(turn: Turn, visit: VisitState, failure: Failure): Promise<FailedVisit | null> {
  const { error, cause } = failure;
  const { parent } = frameOf(turn, visit.frame);
  emit(turn, { type: 'StateFailed', data: { visit: visit.visit, error, cause } });
  const reason = `the state ${visit.state} failed`;
  const around = parent === null ? null : visitOf(turn, parent.visit);
  const tolerance = around === null || parent === null ? 'none' : toleranceOf(around, parent.branch);
  const isTolerated = tolerance === 'holds' ? { isTolerated: true as const } : {};
  emit(turn, { type: 'FrameAborted', data: { frame: visit.frame, reason, ...isTolerated } });
  if (around === null) {
    emit(turn, { type: 'RunFailed', data: { error, cause } });
    return null;
  }
  if (tolerance === 'holds') return itemSettled(turn, around.visit);
  abortCommand(turn, around, reason);
  abortBranches(turn, around, reason);
  if (tolerance === 'none') return { visit: around.visit, failure };
  const threshold = ErrorName.exceedToleratedFailureThreshold;
  const problem = `The specified tolerated failure threshold was exceeded. The last item failed with ${error}: ${cause}`;
  return { visit: around.visit, failure: failureIn(around, threshold, problem) };
}

/** Ends the run at once, past every retrier and catcher. */
export function failRun(turn: Turn, { error, cause }: Failure): void {
  abortRoot(turn, error);
  emit(turn, { type: 'RunFailed', data: { error, cause } });
}
