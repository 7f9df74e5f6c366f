import type { RunEvent } from './events/run-event.js';
import { evolve } from './evolve.js';
import { initialState, type RunState } from './state/run-state.js';

/** The state of a run from all its events, or from the first of them, in order. */
export function rebuild(events: Iterable<RunEvent>): RunState {
  let state = initialState;
  for (const event of events) state = evolve(state, event);
  return state;
}
