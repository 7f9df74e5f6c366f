import type { FrameState } from '../state/run-state.js';
import { advanceVisit } from './advance-visit.js';
import { recover } from './failure.js';
import { endFrame, succeed } from './states/leave-state.js';
import { takeSignals } from './states/signal.js';
import { emit, frameOf, machineOf, type Turn } from './turn/turn.js';

/**
 * Takes a run up where its log ends: begins what should have begun, acts on what was kept, and leaves alone what waits
 * for a command. For a run that was paused, retried or forked.
 *
 * States are entered in the order in which they came to be next, and after whatever was in the middle of something: so it
 * makes no difference where a turn was interrupted.
 */
export async function continueFromLog(turn: Turn): Promise<void> {
  if (turn.run.frames.size === 0) return beginOrEnd(turn);
  const frames = [...turn.run.frames.values()].sort((a, b) => a.frame - b.frame);
  const [ready, acting] = [frames.filter(isReady), frames.filter((frame) => !isReady(frame))];
  for (const frame of ready.sort((a, b) => a.readySince - b.readySince || a.frame - b.frame)) {
    const state = frame.next ?? machineOf(turn, frame).StartAt;
    const isDecided = frame.next === null ? frame.parent === null : frame.isNextDecided;
    turn.toEnter.push({ frame: frame.frame, state, isDecided });
  }
  for (const { frame } of acting) {
    if (turn.run.frames.has(frame)) await actOn(turn, frameOf(turn, frame));
  }
  takeSignals(turn);
}

/** Whether the frame is between two states. */
const isReady = (frame: FrameState): boolean => frame.visit === null && !frame.isDone;

async function actOn(turn: Turn, frame: FrameState): Promise<void> {
  if (frame.isDone) return recover(turn, await endFrame(turn, frame.frame, frame.value));
  const visit = turn.run.visits.get(frame.visit ?? -1);
  // Who waits for budget is let in by its place in the line, after those that had begun before.
  if (visit?.pending?.type === 'budget') return;
  if (visit?.command === null) await recover(turn, await advanceVisit(turn, visit.visit));
}

/** No frame is open: the root has not begun, or it has ended and the run has not. */
function beginOrEnd(turn: Turn): void {
  const { nextFrame, input, output } = turn.run;
  if (nextFrame > 0) {
    succeed(turn, output);
    return;
  }
  emit(turn, { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input } });
  turn.toEnter.push({ frame: 0, state: turn.machine.StartAt, isDecided: true });
}
