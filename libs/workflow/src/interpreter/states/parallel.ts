import { type ParallelState, pointerTo } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import { argumentsOf } from '../data/arguments.js';
import { type FailedVisit, failedVisit } from '../data/evaluation.js';
import { emit, frameOf, type Turn } from '../turn/turn.js';

/** Starts one frame for each branch that has none; each gets the state's input, or what Arguments or Parameters make of it. */
export async function startBranches(turn: Turn, visit: VisitState, state: ParallelState): Promise<FailedVisit | null> {
  const given = await argumentsOf(turn, visit, state);
  if (!given.ok) return failedVisit(visit, given.failure);
  const input = given.value;
  const around = frameOf(turn, visit.frame).machine;
  const branchesAt = ['States', visit.state, 'Branches'].reduce(pointerTo, around);
  state.Branches.forEach((machine, branch) => {
    if (visit.branches.has(branch)) return;
    const frame = turn.run.nextFrame;
    const parent = { visit: visit.visit, branch };
    emit(turn, { type: 'FrameStarted', data: { frame, parent, machine: pointerTo(branchesAt, branch), input } });
    turn.toEnter.push({ frame, state: machine.StartAt, isDecided: false });
  });
  return null;
}
