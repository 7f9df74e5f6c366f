import { dropShadows } from './abort.js';
import { recover } from './failure.js';
import { goOn } from './go-on.js';
import { endFrame } from './leave-state.js';
import { takeSignals } from './signal.js';
import { emit, frameOf, machineOf, type Turn } from './turn.js';

/**
 * Takes a run up where its log ends: begins what should have begun, acts on what was kept, and leaves alone what waits
 * for a command. For a run that was paused, retried or forked.
 */
export async function carryOn(turn: Turn): Promise<void> {
  if (turn.run.frames.size === 0) return beginOrEnd(turn);
  for (const frame of [...turn.run.frames.keys()].sort((a, b) => a - b)) {
    if (turn.run.frames.has(frame)) await carryOnFrame(turn, frame);
  }
  takeSignals(turn);
}

async function carryOnFrame(turn: Turn, frameNumber: number): Promise<void> {
  const frame = frameOf(turn, frameNumber);
  const visit = turn.run.visits.get(frame.visit ?? -1);
  if (visit !== undefined) {
    if (visit.command === null) await recover(turn, await goOn(turn, visit.visit));
    return;
  }
  if (frame.isDone) return recover(turn, await endFrame(turn, frameNumber, frame.value));
  const state = frame.next ?? machineOf(turn, frame).StartAt;
  const isDecided = frame.next === null ? frame.parent === null : frame.isNextDecided;
  turn.toEnter.push({ frame: frameNumber, state, isDecided });
}

/** No frame is open: the root has not begun, or it has ended and the run has not. */
function beginOrEnd(turn: Turn): void {
  const { nextFrame, input, output } = turn.run;
  if (nextFrame > 0) {
    dropShadows(turn);
    emit(turn, { type: 'RunSucceeded', data: { output } });
    return;
  }
  emit(turn, { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input } });
  turn.toEnter.push({ frame: 0, state: turn.machine.StartAt, isDecided: true });
}
