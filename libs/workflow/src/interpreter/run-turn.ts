import { ErrorName } from '@baton/asl';
import { phaseOf } from '../document/phase-of.js';
import { SETTING_OF } from '../run-limits.js';
import { advanceVisit } from './advance-visit.js';
import { decidePoint } from './decisions/decide-point.js';
import { proposePhaseChange } from './decisions/propose.js';
import { failRun, recover } from './failure.js';
import { beginState } from './states/begin-state.js';
import { nextInLine } from './states/reserve-budget.js';
import { type Entry, emit, frameOf, isoTime, machineOf, type Turn, visitOf } from './turn/turn.js';

/** States that all frames together may enter in a turn: many branches, each in bounds, can still be too much. */
const MAX_ENTRIES = 200_000;

/**
 * Runs on until every frame waits for a command or has ended. What was given back of the budget goes to those who wait
 * for it before new states are entered, which would have to wait behind them.
 */
export async function runTurn(turn: Turn): Promise<void> {
  for (let at = 0; ; ) {
    const visit = turn.toAdvance.shift() ?? nextInLine(turn);
    if (visit !== null) {
      // It may have been given up since, or have gone on already: then it waits for a command of its own.
      if (turn.run.visits.get(visit)?.command === null) await recover(turn, await advanceVisit(turn, visit));
      continue;
    }
    const entry = turn.toEnter[at];
    if (entry === undefined) return;
    at += 1;
    // The frame may have been given up since: a sibling failed.
    if (!turn.run.frames.has(entry.frame)) continue;
    const tooMuch = boundPassed(turn, entry, at);
    if (tooMuch !== null) {
      failRun(turn, { error: ErrorName.runtime, cause: tooMuch, isRetryable: false });
      return;
    }
    await enter(turn, entry);
  }
}

/** Counts the entry; gives a sentence where the turn has gone on for too long. */
function boundPassed(turn: Turn, entry: Entry, entries: number): string | null {
  const entered = (turn.entered.get(entry.frame) ?? 0) + 1;
  turn.entered.set(entry.frame, entered);
  if (turn.stepsLeft <= 0) {
    return `The expressions up to the state '${entry.state}' took too many steps without waiting for anything.`;
  }
  if (entered <= turn.limits.statesWithoutWaiting && entries <= MAX_ENTRIES) return null;
  return `The state '${entry.state}' was reached after ${entered - 1} states that wait for nothing: the loop does not end. The limit is ${SETTING_OF.statesWithoutWaiting} of the orchestrator, ${turn.limits.statesWithoutWaiting}.`;
}

async function enter(turn: Turn, entry: Entry): Promise<void> {
  const frame = frameOf(turn, entry.frame);
  const state = machineOf(turn, frame).States[entry.state];
  if (state === undefined) throw new Error(`there is no state ${entry.state}`);
  const before = turn.run.phase;
  const phase = phaseOf(turn.run.document, entry.state);
  const visit = turn.run.nextVisit;
  emit(turn, {
    type: 'StateEntered',
    data: { visit, frame: entry.frame, state: entry.state, enteredAt: isoTime(turn.nowMs) },
  });
  if (phase !== null && before !== null && phase !== before && !entry.isDecided) {
    const entered = visitOf(turn, visit);
    if (decidePoint(turn, entered, proposePhaseChange(turn, entered, before, phase)) === null) return;
  }
  await recover(turn, await beginState(turn, visit, state));
}
