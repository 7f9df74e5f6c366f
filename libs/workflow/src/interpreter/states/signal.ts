import { parseResource } from '../../document/resource.js';
import type { CommandState, StartedRun } from '../../state/run-state.js';
import { emit, type Turn } from '../turn/turn.js';

/** Signals that are kept for states to come. A run that takes none must not grow without end. */
const MOST_SIGNALS = 1_000;

/** Whether one more signal is taken in: there is room to keep it, or a state waits for it at this moment. */
export const isKept = ({ signals, isPaused, commands }: StartedRun, name: string): boolean =>
  signals.length < MOST_SIGNALS || (!isPaused && [...commands.values()].some((command) => nameOf(command) === name));

/** The name of the signal that a command waits for; null where it waits for something else. */
function nameOf({ resource }: CommandState): string | null {
  const wanted = resource === null ? null : parseResource(resource);
  return wanted?.type === 'signal' ? wanted.name : null;
}

/** Gives signals that came to the states that wait for them: the oldest signal of a name to the oldest of its states. */
export function takeSignals(turn: Turn): void {
  if (turn.run.signals.length === 0) return;
  const waiting = [...turn.run.commands.values()].sort((a, b) => a.visit - b.visit);
  for (const command of waiting) {
    const { commandId, visit } = command;
    const wanted = nameOf(command);
    const taken = wanted === null ? undefined : turn.run.signals.find(({ name }) => name === wanted);
    if (taken === undefined) continue;
    const { data, signal } = taken;
    emit(turn, { type: 'TaskSucceeded', data: { visit, commandId, output: data, signal } });
    turn.toAdvance.push(visit);
  }
}
