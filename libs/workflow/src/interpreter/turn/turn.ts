import {
  EVALUATE_HERE,
  type Evaluator,
  type JsonObject,
  languageOf,
  machineAt,
  type QueryLanguage,
  type State,
  type StateMachine,
} from '@baton/asl';
import type { Actor, RunId } from '@baton/contracts';
import type { RunEvent } from '../../events/run-event.js';
import { evolve } from '../../evolve.js';
import type { OrderMeta } from '../../orders.js';
import { DEFAULT_RUN_LIMITS, type RunLimits } from '../../run-limits.js';
import type { FrameState, StartedRun, VisitState } from '../../state/run-state.js';

/** What one decision works on: the state as it is after the events so far, and what is still to be done. */
export interface Turn {
  run: StartedRun;
  readonly events: RunEvent[];
  readonly runId: RunId;
  readonly machine: StateMachine;
  /** The recorded time of the order, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Who gave the order. */
  readonly actor: Actor;
  /** See `OrderMeta`. */
  readonly maxPayloadBytes: number | null;
  readonly evaluator: Evaluator;
  readonly limits: RunLimits;
  /** See `OrderMeta`. */
  readonly endsAt: number | null | undefined;
  /** See `OrderMeta`. */
  readonly context: JsonObject | null;
  /** States to enter, in order. Branches of a Parallel state take turns through it. */
  readonly toEnter: Entry[];
  /** Visits that were told something they have to act on, after the states to enter. */
  readonly toAdvance: number[];
  /** How far the rounds have come, for the expressions of the decision point that is at work. */
  convergence: { readonly visit: number; readonly value: JsonObject } | null;
  /** How many states each frame entered without waiting for anything, and what its expressions did, counted as states. */
  readonly entered: Map<number, number>;
  /** What expressions, and the values they make, may still cost in this turn, in steps of the evaluator. */
  stepsLeft: number;
  /** Something was begun and left as it is, since the turn had done enough. */
  isBrokenOff: boolean;
}

export interface Entry {
  readonly frame: number;
  readonly state: string;
  /** Whether a recorded decision led here, so that a change of phase needs no decision of its own. */
  readonly isDecided: boolean;
}

/*
 * What a turn does at most, but for the last thing it does: some tens of milliseconds, while no other run moves, and as
 * many events as one transaction takes in good time. What is left goes on in the next turn.
 */
const STEPS_OF_TURN = 20_000;
const EVENTS_OF_TURN = 2_000;

/** Whether the turn has done as much as one may do at a time. */
export function isSpent({ stepsLeft, events, endsAt, run }: Turn): boolean {
  if (endsAt === undefined) return stepsLeft <= 0 || events.length >= EVENTS_OF_TURN;
  return endsAt !== null && run.eventCount >= endsAt;
}

export function beginTurn(run: StartedRun, machine: StateMachine, runId: RunId, meta: OrderMeta): Turn {
  const { nowMs, actor, maxPayloadBytes = null, limits = DEFAULT_RUN_LIMITS, context = null, endsAt } = meta;
  const { evaluator = EVALUATE_HERE } = meta;
  const toDo = {
    events: [],
    toEnter: [],
    toAdvance: [],
    convergence: null,
    entered: new Map<number, number>(),
    stepsLeft: STEPS_OF_TURN,
    isBrokenOff: false,
  };
  return { run, runId, machine, nowMs, actor, maxPayloadBytes, evaluator, limits, endsAt, context, ...toDo };
}

/** Appends an event to the decision and folds it in: what follows is decided on the state that includes it. */
export function emit(turn: Turn, event: RunEvent): void {
  turn.events.push(event);
  const next = evolve(turn.run, event);
  if (next.status === 'new') throw new Error('a started run cannot be new again');
  turn.run = next;
}

export function frameOf(turn: Turn, frame: number): FrameState {
  const found = turn.run.frames.get(frame);
  if (found === undefined) throw new Error(`frame ${frame} is not open`);
  return found;
}

export function visitOf(turn: Turn, visit: number): VisitState {
  const found = turn.run.visits.get(visit);
  if (found === undefined) throw new Error(`visit ${visit} is not open`);
  return found;
}

export function machineOf(turn: Turn, frame: FrameState): StateMachine {
  const machine = machineAt(turn.machine, frame.machine);
  if (machine === null) throw new Error(`there is no state machine at ${frame.machine}`);
  return machine;
}

/** The definition of a state in the machine of a frame. */
export function definitionOf(turn: Turn, visit: VisitState): State {
  const state = machineOf(turn, frameOf(turn, visit.frame)).States[visit.state];
  if (state === undefined) throw new Error(`there is no state ${visit.state}`);
  return state;
}

/** The query language of a state of a visit. */
export const queryLanguageOf = (turn: Turn, visit: VisitState, state: State): QueryLanguage =>
  languageOf(turn.machine, frameOf(turn, visit.frame).machine, state);

export const isoTime = (ms: number): string => new Date(ms).toISOString();
