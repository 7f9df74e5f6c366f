import { ErrorName, type FailState, preview, type State } from '@baton/asl';
import { assertNever } from '@baton/contracts';
import type { VisitState } from '../../state/run-state.js';
import {
  type Evaluated,
  evaluateIn,
  type FailedVisit,
  failedVisit,
  failureIn,
  queryIn,
  runtimeFailure,
} from '../data/evaluation.js';
import { queryLanguageOf, type Turn, visitOf } from '../turn/turn.js';
import { decideChoice } from './choice.js';
import { finishVisit } from './leave-state.js';
import { startMap } from './map.js';
import { startBranches } from './parallel.js';
import { scheduleTask } from './task.js';
import { startWait } from './wait.js';

/** Begins the work of a state that was just entered, or that is tried again. */
export async function beginState(turn: Turn, visitNumber: number, state: State): Promise<FailedVisit | null> {
  const visit = visitOf(turn, visitNumber);
  switch (state.Type) {
    case 'Task':
      return scheduleTask(turn, visit, state, null);
    case 'Choice':
      return decideChoice(turn, visit, state);
    case 'Parallel':
      return startBranches(turn, visit, state);
    case 'Pass':
    case 'Succeed':
      return finishVisit(turn, visit, state, {}, visit.input);
    case 'Wait':
      return startWait(turn, visit, state);
    case 'Fail': {
      const error = await textOf(turn, visit, state, 'Error');
      const cause = await textOf(turn, visit, state, 'Cause');
      if (!error.ok) return failedVisit(visit, error.failure);
      if (!cause.ok) return failedVisit(visit, cause.failure);
      return failedVisit(visit, { error: error.value, cause: cause.value, isRetryable: true });
    }
    case 'Map':
      return startMap(turn, visit, state);
    default:
      return assertNever(state);
  }
}

/** An optional text of a Fail state; empty where it is absent, which is how an event says "none". */
async function textOf(
  turn: Turn,
  visit: VisitState,
  state: FailState,
  field: 'Error' | 'Cause',
): Promise<Evaluated<string>> {
  const literal = state[field];
  const path = state[`${field}Path`];
  if (queryLanguageOf(turn, visit, state) === 'JSONPath') {
    if (path === undefined) return { ok: true, value: literal ?? '' };
    return textAt(turn, visit, `${field}Path`, path);
  }
  if (literal === undefined) return { ok: true, value: '' };
  const evaluated = await evaluateIn(turn, visit, field, literal);
  if (!evaluated.ok) return evaluated;
  const { value } = evaluated;
  if (typeof value === 'string') return { ok: true, value };
  const problem = `The field '${field}' must be a text, but was ${preview(value, 1_000)}.`;
  return { ok: false, failure: failureIn(visit, ErrorName.queryEvaluation, problem) };
}

async function textAt(turn: Turn, visit: VisitState, field: string, path: string): Promise<Evaluated<string>> {
  const found = await queryIn(turn, visit, field, path, visit.input);
  if (!found.ok) return found;
  const { value } = found;
  if (typeof value === 'string') return { ok: true, value };
  const problem = `The ${field} field must refer to a text, but ${path} is ${preview(value, 1_000)}.`;
  return { ok: false, failure: runtimeFailure(visit, problem) };
}
