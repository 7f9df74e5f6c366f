import { ErrorName, type FailState, type Json, type State } from '@baton/asl';
import { assertNever } from '@baton/contracts';
import { phaseOf, type VisitState } from '../state.js';
import { decideChoice } from './choice.js';
import { evaluateIn, type FailedVisit, failedVisit, failureIn, type Outcome, queryIn } from './evaluation.js';
import { failRun, recover } from './failure.js';
import { finishVisit } from './leave-state.js';
import { startMap } from './map.js';
import { startBranches } from './parallel.js';
import { recordPhaseChange } from './record-decision.js';
import { scheduleTask } from './task.js';
import { type Entry, emit, frameOf, isoTime, machineOf, queryLanguageOf, type Turn, visitOf } from './turn.js';
import { startWait } from './wait.js';

/** States a frame may enter before it waits for something. A loop that never waits would keep the hub for ever. */
const MAX_ENTRIES_OF_FRAME = 1_000;
/** The same for all frames together: many branches, each in bounds, can still be too much. */
const MAX_ENTRIES = 200_000;

/** Runs on until every frame waits for a command or has ended. */
export async function runOn(turn: Turn): Promise<void> {
  for (let at = 0; at < turn.toEnter.length; at += 1) {
    const entry = turn.toEnter[at];
    // The frame may have been given up since: a sibling failed.
    if (entry === undefined || !turn.run.frames.has(entry.frame)) continue;
    const entered = (turn.entered.get(entry.frame) ?? 0) + 1;
    turn.entered.set(entry.frame, entered);
    if (turn.stepsLeft <= 0) {
      const cause = `The expressions up to the state '${entry.state}' took too many steps without waiting for anything.`;
      failRun(turn, { error: ErrorName.runtime, cause, isRetryable: false });
      return;
    }
    if (entered > MAX_ENTRIES_OF_FRAME || at > MAX_ENTRIES) {
      const cause = `The state '${entry.state}' was reached after ${entered - 1} states that wait for nothing: the loop does not end.`;
      failRun(turn, { error: ErrorName.runtime, cause, isRetryable: false });
      return;
    }
    await enter(turn, entry);
  }
}

async function enter(turn: Turn, entry: Entry): Promise<void> {
  const frame = frameOf(turn, entry.frame);
  const state = machineOf(turn, frame).States[entry.state];
  if (state === undefined) throw new Error(`there is no state ${entry.state}`);
  const phase = phaseOf(turn.run.document, entry.state);
  if (phase !== null && turn.run.phase !== null && phase !== turn.run.phase && !entry.isDecided) {
    recordPhaseChange(turn, frame, entry.state, phase);
  }
  const visit = turn.run.nextVisit;
  emit(turn, {
    type: 'StateEntered',
    data: { visit, frame: entry.frame, state: entry.state, enteredAt: isoTime(turn.nowMs) },
  });
  await recover(turn, await begin(turn, visit, state));
}

/** Begins the work of a state that was just entered, or that is tried again. */
export async function begin(turn: Turn, visitNumber: number, state: State): Promise<FailedVisit | null> {
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
): Promise<Outcome<string>> {
  const literal = state[field];
  const path = state[`${field}Path`];
  if (queryLanguageOf(turn, visit, state) === 'JSONPath') {
    if (path === undefined) return { ok: true, value: literal ?? '' };
    return shown(queryIn(turn, visit, `${field}Path`, path, visit.input));
  }
  if (literal === undefined) return { ok: true, value: '' };
  const evaluated = await evaluateIn(turn, visit, field, literal);
  if (!evaluated.ok) return evaluated;
  const { value } = evaluated;
  if (typeof value === 'string') return { ok: true, value };
  const problem = `The field '${field}' must be a text, but was ${JSON.stringify(value)}.`;
  return { ok: false, failure: failureIn(visit, ErrorName.queryEvaluation, problem) };
}

function shown(evaluated: Outcome<Json>): Outcome<string> {
  if (!evaluated.ok) return evaluated;
  return { ok: true, value: typeof evaluated.value === 'string' ? evaluated.value : JSON.stringify(evaluated.value) };
}
