import type { StateMachine } from '@baton/asl';
import type { StartedRun } from '../../state/run-state.js';
import { isoTime, type Turn } from './turn.js';

/*
 * TimeoutSeconds of the whole definition. Nothing of its own waits for it: whatever the run waits for gets a deadline that
 * is not later, so the run is asked at that instant at the latest.
 */

/** When the time of a run is up, in milliseconds since the epoch; null where it may take as long as it likes. */
export function runDeadlineMs(run: StartedRun, machine: StateMachine): number | null {
  if (machine.TimeoutSeconds === undefined || run.timedFrom === null) return null;
  return Date.parse(run.timedFrom) + machine.TimeoutSeconds * 1000;
}

/** The instant, or that at which the time of the run is up, whichever comes first. */
export function withinRun(turn: Turn, dueAtMs: number): string {
  return isoTime(Math.min(dueAtMs, runDeadlineMs(turn.run, turn.machine) ?? dueAtMs));
}

/** The deadline of a task: its own or that of the run, if there is either. */
export function taskDeadline(turn: Turn, ownMs: number | null): string | null {
  const runMs = runDeadlineMs(turn.run, turn.machine);
  if (ownMs === null) return runMs === null ? null : isoTime(runMs);
  return withinRun(turn, ownMs);
}
