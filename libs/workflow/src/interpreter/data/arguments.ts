import type { Json, ParallelState, TaskState } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import { queryLanguageOf, type Turn } from '../turn/turn.js';
import { type Evaluated, evaluateIn } from './evaluation.js';
import { parametersOf } from './paths.js';

/** What a Task or the branches of a Parallel are given: Arguments in JSONata, Parameters in JSONPath, else the input. */
export async function argumentsOf(
  turn: Turn,
  visit: VisitState,
  state: TaskState | ParallelState,
): Promise<Evaluated<Json>> {
  if (queryLanguageOf(turn, visit, state) === 'JSONPath') return parametersOf(turn, visit, state);
  if (state.Arguments === undefined) return { ok: true, value: visit.input };
  return evaluateIn(turn, visit, 'Arguments', state.Arguments);
}
