import type { Json, JsonObject, State } from '@baton/asl';
import type { VisitState } from '../state.js';
import { evaluateResults, type FailedVisit, failedVisit, type Given } from './evaluation.js';
import { definitionOf, emit, frameOf, type Turn, visitOf } from './turn.js';

type LeavingState = Exclude<State, { Type: 'Choice' | 'Fail' }>;

/** Leaves a state that did its work: evaluates Output and Assign and goes on to what follows. */
export async function finishVisit(
  turn: Turn,
  visit: VisitState,
  state: LeavingState,
  given: Given,
  defaultOutput: Json,
): Promise<FailedVisit | null> {
  const results = await evaluateResults(turn, visit, state, given, defaultOutput);
  if (!results.ok) return failedVisit(visit, results.failure);
  const next = state.Type === 'Succeed' ? null : (state.Next ?? null);
  return exitVisit(turn, visit, { ...results.value, next, isDecided: false });
}

export interface Exit {
  readonly output: Json;
  readonly assign: JsonObject;
  /** Null where the state ends its frame. */
  readonly next: string | null;
  readonly isDecided: boolean;
}

export async function exitVisit(turn: Turn, visit: VisitState, exit: Exit): Promise<FailedVisit | null> {
  const { output, assign, next, isDecided } = exit;
  emit(turn, { type: 'StateExited', data: { visit: visit.visit, output, assign, next } });
  if (next === null) return endFrame(turn, visit.frame, output);
  turn.toEnter.push({ frame: visit.frame, state: next, isDecided });
  return null;
}

/** Ends a frame with its output: the run, where it is the root; else its branch, and with the last one the Parallel. */
async function endFrame(turn: Turn, frameNumber: number, output: Json): Promise<FailedVisit | null> {
  const { parent } = frameOf(turn, frameNumber);
  emit(turn, { type: 'FrameEnded', data: { frame: frameNumber, output } });
  if (parent === null) {
    emit(turn, { type: 'RunSucceeded', data: { output } });
    return null;
  }
  const visit = visitOf(turn, parent.visit);
  const state = definitionOf(turn, visit);
  if (state.Type !== 'Parallel') throw new Error(`the state ${visit.state} has a branch but is no Parallel`);
  if (visit.outputs.size < state.Branches.length) return null;
  const result = state.Branches.map((_, branch) => visit.outputs.get(branch) ?? null);
  return finishVisit(turn, visit, state, { result }, result);
}
