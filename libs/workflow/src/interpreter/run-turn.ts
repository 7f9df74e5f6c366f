import { ErrorName } from '@baton/asl';
import { commandIdOf } from '@baton/contracts';
import { phaseOf } from '../document/phase-of.js';
import { SETTING_OF } from '../run-limits.js';
import { advanceVisit } from './advance-visit.js';
import { decidePoint } from './decisions/decide-point.js';
import { proposePhaseChange } from './decisions/propose.js';
import { withoutPersons } from './decisions/without-persons.js';
import { failRun, recover } from './failure.js';
import { beginState } from './states/begin-state.js';
import { nextInLine } from './states/reserve-budget.js';
import { type Entry, emit, frameOf, isoTime, isSpent, machineOf, type Turn, visitOf } from './turn/turn.js';

/**
 * Runs on until every frame waits for a command or has ended, or until the turn has done enough: then the run goes on in
 * the next one. What was given back of the budget goes to those who wait for it before new states are entered, which would
 * have to wait behind them.
 */
export async function runTurn(turn: Turn): Promise<void> {
  for (let at = 0; ; ) {
    if (isSpent(turn) && isAnythingLeft(turn, at)) {
      yieldTurn(turn);
      return;
    }
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
    const tooMuch = boundPassed(turn, entry);
    if (tooMuch !== null) {
      failRun(turn, { error: ErrorName.runtime, cause: tooMuch, isRetryable: false });
      return;
    }
    await enter(turn, entry);
  }
}

/**
 * Counts the entry; gives a sentence where the frame has gone on for too long without waiting for anything. A thousand steps
 * of its expressions count as a state. A path that meets no state twice is never too long by its states alone.
 */
function boundPassed(turn: Turn, entry: Entry): string | null {
  const entered = (turn.entered.get(entry.frame) ?? 0) + 1;
  turn.entered.set(entry.frame, entered);
  const { statesWithoutWaiting } = turn.limits;
  if (entered <= statesWithoutWaiting) return null;
  const ofMachine = Object.keys(machineOf(turn, frameOf(turn, entry.frame)).States).length;
  const most = Math.max(statesWithoutWaiting, ofMachine);
  if (entered <= most) return null;
  return `The state '${entry.state}' was reached after ${most} states, or as much work, without waiting for anything: does the loop end, and is the work meant? The limit is ${SETTING_OF.statesWithoutWaiting} of the orchestrator, ${statesWithoutWaiting}.`;
}

const isAnythingLeft = (turn: Turn, at: number): boolean =>
  turn.run.status === 'running' && (turn.isBrokenOff || turn.toAdvance.length > 0 || turn.toEnter.length > at);

/** Long enough for the hub to go on by itself, which is at once; short enough where it was killed meanwhile. */
const DUE_AFTER_MS = 2_000;

/** Leaves the rest to the next turn, which takes it from the state alone: see `continueFromLog`. */
function yieldTurn(turn: Turn): void {
  // An earlier turn did so already: whoever goes on from there goes on from here.
  if (turn.run.unfinished !== null) return;
  const commandId = commandIdOf(turn.runId, turn.run.nextCommand);
  const entered = [...turn.entered].flatMap(([frame, states]) => (isAtWork(turn, frame) ? [{ frame, states }] : []));
  emit(turn, {
    type: 'TurnYielded',
    data: { commandId, dueAt: isoTime(turn.nowMs + DUE_AFTER_MS), entered: entered.sort((a, b) => a.frame - b.frame) },
  });
}

/** Whether a frame is open and waits for no command of its own. */
function isAtWork(turn: Turn, frame: number): boolean {
  const open = turn.run.frames.get(frame);
  return open !== undefined && (turn.run.visits.get(open.visit ?? -1)?.command ?? null) === null;
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
    const proposal = await withoutPersons(turn, entered, proposePhaseChange(turn, entered, before, phase));
    if (decidePoint(turn, entered, proposal) === null) return;
  }
  await recover(turn, await beginState(turn, visit, state));
}
