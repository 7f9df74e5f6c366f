import { parseResource } from '../resource.js';
import { emit, type Turn } from './turn.js';

/** Signals that are kept for states to come. A run that takes none must not grow without end. */
export const MOST_SIGNALS = 1_000;

/** Gives signals that came to the states that wait for them: the oldest signal of a name to the oldest of its states. */
export function takeSignals(turn: Turn): void {
  if (turn.run.signals.length === 0) return;
  const waiting = [...turn.run.commands.values()].sort((a, b) => a.visit - b.visit);
  for (const { commandId, visit, resource } of waiting) {
    const wanted = resource === null ? null : parseResource(resource);
    if (wanted?.type !== 'signal') continue;
    const taken = turn.run.signals.find(({ name }) => name === wanted.name);
    if (taken === undefined) continue;
    const { data, signal } = taken;
    emit(turn, { type: 'TaskSucceeded', data: { visit, commandId, output: data, signal } });
    turn.toGoOn.push(visit);
  }
}
