import { Json, JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { ReadItems } from '../state/map-progress.js';
import { define, Frame, Instant, Visit } from './define.js';

export const FrameStarted = define('FrameStarted', {
  frame: Frame,
  /** Null for the root. */
  parent: z.object({ visit: Visit, branch: z.int().nonnegative() }).nullable(),
  /** JSON pointer of the state machine within the definition; empty for the root. */
  machine: z.string(),
  input: Json,
  /** There where the frame is about a batch of items that were read: how many. Since version 9. */
  items: z.int().positive().optional(),
});

export const StateEntered = define('StateEntered', {
  visit: Visit,
  frame: Frame,
  state: z.string(),
  /** Missing in the oldest logs. */
  enteredAt: Instant.optional(),
});

/** A Map state knows its items; a frame for each of them follows, as many at once as it allows. */
export const MapStarted = define('MapStarted', {
  visit: Visit,
  /** What each frame is about: an item, or a batch of them as the frame gets it. */
  items: z.array(Json),
  /** There where the items are the members of an object: their names. */
  keys: z.array(z.string()).optional(),
  /** There where the items are read from elsewhere, and `items` is empty: the list of their pages. Since version 9. */
  source: ReadItems.optional(),
  /** How many frames run at once; 0 stands for all. */
  maxConcurrency: z.int().nonnegative(),
  /** How many items may fail, by number and by share; null where none may. */
  toleratedCount: z.int().nonnegative().nullable(),
  toleratedPercentage: z.number().nullable(),
});

/** A retrier of the state matched the error; the next attempt follows, not before `notBefore`. */
export const StateRetried = define('StateRetried', {
  visit: Visit,
  retrier: z.int().nonnegative(),
  error: z.string(),
  cause: z.string(),
  notBefore: Instant,
});

export const StateExited = define('StateExited', {
  visit: Visit,
  output: Json,
  /** Variables set by the state, with their new values. */
  assign: JsonObject,
  /** Null where the state ends its frame. */
  next: z.string().nullable(),
  /** There where a recorded decision led to `next`. */
  isDecided: z.literal(true).optional(),
});

/** A catcher of the state matched the error: the state is left through it. */
export const ErrorCaught = define('ErrorCaught', {
  visit: Visit,
  catcher: z.int().nonnegative(),
  error: z.string(),
  cause: z.string(),
  output: Json,
  assign: JsonObject,
  next: z.string(),
  isDecided: z.literal(true).optional(),
});

/** The state failed and nothing caught it; its frame ends. */
export const StateFailed = define('StateFailed', { visit: Visit, error: z.string(), cause: z.string() });

export const FrameEnded = define('FrameEnded', { frame: Frame, output: Json });

/** The frame ended without output: it failed, or was given up because a sibling failed or the run was cancelled. */
export const FrameAborted = define('FrameAborted', {
  frame: Frame,
  reason: z.string(),
  /** There where the frame is that of an item whose failure its Map tolerates. */
  isTolerated: z.literal(true).optional(),
});
