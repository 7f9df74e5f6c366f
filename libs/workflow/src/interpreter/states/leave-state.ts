import { ErrorName, type Json, type JsonObject, type ParallelState, type State } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import {
  type Evaluated,
  evaluateResults,
  type FailedVisit,
  failedVisit,
  failureIn,
  type Given,
} from '../data/evaluation.js';
import { isTooLarge, ownResult, pathResults } from '../data/paths.js';
import { definitionOf, emit, frameOf, queryLanguageOf, type Turn, visitOf } from '../turn/turn.js';
import { startItems } from './map-items.js';
import { askToWrite, failUnwritable, isThrough } from './map-tasks.js';
import { isTimeToCount, unwritable } from './unwritable.js';

type LeavingState = Exclude<State, { Type: 'Choice' | 'Fail' }>;

/** Leaves a state that did its work: makes its output, assigns variables and goes on to what follows. */
export async function finishVisit(
  turn: Turn,
  visit: VisitState,
  state: LeavingState,
  given: Given,
  defaultOutput: Json,
): Promise<FailedVisit | null> {
  const results = await resultsOf(turn, visit, state, given, defaultOutput);
  if (!results.ok) return failedVisit(visit, results.failure);
  const next = state.Type === 'Succeed' ? null : (state.Next ?? null);
  return exitVisit(turn, visit, { ...results.value, next, isDecided: false });
}

async function resultsOf(
  turn: Turn,
  visit: VisitState,
  state: LeavingState,
  given: Given,
  defaultOutput: Json,
): Promise<Evaluated<{ readonly output: Json; readonly assign: JsonObject }>> {
  if (queryLanguageOf(turn, visit, state) === 'JSONata') {
    return evaluateResults(turn, visit, state, given, defaultOutput);
  }
  const result: Evaluated<Json> =
    given.result === undefined ? await ownResult(turn, visit, state) : { ok: true, value: given.result };
  return result.ok ? pathResults(turn, visit, state, result.value) : result;
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
  if (isTooLarge(turn, output)) {
    return failedVisit(visit, failureIn(visit, ErrorName.dataLimitExceeded, 'Its output exceeds the limit in bytes.'));
  }
  const decided = isDecided ? { isDecided: true as const } : {};
  emit(turn, { type: 'StateExited', data: { visit: visit.visit, output, assign, next, ...decided } });
  if (next === null) return endFrame(turn, visit.frame, output);
  turn.toEnter.push({ frame: visit.frame, state: next, isDecided });
  return null;
}

/** Ends a frame with its output: the run, where it is the root; else its branch or item, and with the last one the state. */
export async function endFrame(turn: Turn, frameNumber: number, output: Json): Promise<FailedVisit | null> {
  const { parent } = frameOf(turn, frameNumber);
  emit(turn, { type: 'FrameEnded', data: { frame: frameNumber, output } });
  if (parent === null) {
    succeed(turn, output);
    return null;
  }
  const visit = visitOf(turn, parent.visit);
  const state = definitionOf(turn, visit);
  if (state.Type === 'Map') {
    const isCounted = state.ResultWriter?.Resource !== undefined && isTimeToCount(visit);
    const problem = isCounted ? unwritable(visit) : null;
    return problem === null ? itemSettled(turn, visit.visit) : failUnwritable(turn, visit, problem);
  }
  if (state.Type !== 'Parallel') throw new Error(`the state ${visit.state} has a branch but is no Parallel`);
  return branchSettled(turn, visit, state);
}

/** Ends the run. */
export function succeed(turn: Turn, output: Json): void {
  emit(turn, { type: 'RunSucceeded', data: { output } });
}

/** Leaves a Parallel once the last of its branches has ended. The result has their outputs in the order of the branches. */
export async function branchSettled(turn: Turn, visit: VisitState, state: ParallelState): Promise<FailedVisit | null> {
  if (visit.outputs.size < state.Branches.length) return null;
  const result = state.Branches.map((_, branch) => visit.outputs.get(branch) ?? null);
  return finishVisit(turn, visit, state, { result }, result);
}

/**
 * Goes on with a Map of which an item has come to its end, or that is about to begin: starts what may start, and leaves
 * the state after the last. The result has the outputs of the items that succeeded, in the order of the items.
 */
export async function itemSettled(turn: Turn, visitNumber: number): Promise<FailedVisit | null> {
  const visit = visitOf(turn, visitNumber);
  const state = definitionOf(turn, visit);
  if (state.Type !== 'Map' || visit.map === null) throw new Error(`the state ${visit.state} has an item but is no Map`);
  if (!isThrough(visit)) return startItems(turn, visitNumber, state);
  const { Resource, ...writer } = state.ResultWriter ?? {};
  if (Resource !== undefined) return askToWrite(turn, visit, state, { ...writer, Resource });
  const frames = visit.map.source === undefined ? visit.map.items.length : visit.map.begun;
  const outputs = Array.from({ length: frames }, (_, index) => visit.outputs.get(index));
  const succeeded = outputs.flatMap((output) => (output === undefined ? [] : [output]));
  const result = writer.WriterConfig?.Transformation === 'FLATTEN' ? succeeded.flat() : succeeded;
  return finishVisit(turn, visit, state, { result }, result);
}
