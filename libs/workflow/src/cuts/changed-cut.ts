import { didYouMean, type Json, type JsonObject } from '@baton/contracts';
import type { CutChanges, FrameState, RunCut, StartedRun, VisitState } from '../state/run-state.js';

export type ChangedCut =
  | {
      readonly ok: true;
      readonly cut: RunCut;
      /** The new input of the run, which has to fit its schema; absent where only a later state is given another. */
      readonly runInput?: Json;
    }
  | {
      readonly ok: false;
      readonly code: 'unknown-variable' | 'no-input-here';
      readonly reason: string;
      readonly next: string;
      /** Of the member at fault. */
      readonly pointer: string;
    };

const ROOT = 0;

/**
 * The cut with what is to be otherwise. A branch sees the variables of the frame around it and cannot assign them, so a
 * variable that is set is set in whatever branch is open. The state that is given another input begins anew: a result that it
 * had got is for what it was given before.
 */
export function changedCut(cut: RunCut, { set = {}, input }: CutChanges): ChangedCut {
  const variables = cut.state.frames.get(ROOT)?.variables ?? {};
  const known = Object.keys(variables);
  const unknown = Object.keys(set).find((name) => !Object.hasOwn(variables, name));
  if (unknown !== undefined) {
    const names = known.length === 0 ? 'It has none.' : `It has ${known.join(', ')}.`;
    return {
      ok: false,
      code: 'unknown-variable',
      reason: `After event ${cut.version} the run has no variable ${unknown}.${didYouMean(unknown, known)}`,
      next: `${names} What is assigned later cannot be set before.`,
      pointer: `/set/${unknown.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    };
  }
  const state = { ...cut.state, frames: cut.state.frames.map((frame) => withVariables(frame, set)) };
  if (input === undefined) return { ok: true, cut: { ...cut, state } };
  return withInput({ ...cut, state }, input);
}

const withVariables = (frame: FrameState, set: JsonObject): FrameState => ({
  ...frame,
  variables: { ...frame.variables, ...set },
});

function withInput(cut: RunCut, input: Json): ChangedCut {
  const { state } = cut;
  const root = state.frames.get(ROOT);
  // Not even the root has begun: it begins with the input of the run.
  if (state.nextFrame === 0) return { ok: true, cut: { ...cut, state: { ...state, input } }, runInput: input };
  if (root === undefined || root.isDone || state.frames.size > 1) {
    const why =
      root === undefined || root.isDone
        ? 'all states are done'
        : 'several branches are under way, each with an input of its own';
    return {
      ok: false,
      code: 'no-input-here',
      reason: `After event ${cut.version} ${why}.`,
      next: 'Fork it after an earlier event, such as the one before the state was entered; or set variables.',
      pointer: '/input',
    };
  }
  const visit = root.visit === null ? undefined : state.visits.get(root.visit);
  const given: StartedRun =
    visit === undefined
      ? { ...state, frames: state.frames.set(ROOT, { ...root, value: input }) }
      : { ...state, visits: state.visits.set(visit.visit, begunAnew(visit, input, state)) };
  const isFirst = visit === undefined ? root.next === null : state.nextVisit === 1;
  if (!isFirst) return { ok: true, cut: { ...cut, state: given } };
  return { ok: true, cut: { ...cut, state: { ...given, input } }, runInput: input };
}

function begunAnew(visit: VisitState, input: Json, { commands }: StartedRun): VisitState {
  const isAsked = visit.command !== null && commands.get(visit.command)?.kind === 'task';
  return {
    ...visit,
    input,
    attempts: isAsked ? visit.attempts - 1 : visit.attempts,
    ...{ retries: [], command: null, pending: null, question: null, recoveries: [], map: null },
    ...{ questions: 0, conversation: null, handIn: null },
    branches: visit.branches.clear(),
    outputs: visit.outputs.clear(),
  };
}
