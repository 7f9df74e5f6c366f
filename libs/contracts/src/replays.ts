import { z } from 'zod';
import { Json } from './json.js';

/** How far a replay has come. */
export const ReplayProgress = z.object({
  events: z.int().nonnegative(),
  /** How many there are. */
  of: z.int().nonnegative(),
});
export type ReplayProgress = z.infer<typeof ReplayProgress>;

const Side = z.object({ type: z.string(), data: Json }).nullable();

/** A place where a log and what is decided by it again are not the same. */
export const ReplayFault = z.object({
  runId: z.string(),
  /** Of the event in its run. */
  version: z.int().nonnegative(),
  /** Of the event in the log; null where the log ends before it. */
  position: z.int().nullable(),
  /** What is wrong, in a sentence. */
  problem: z.string(),
  /** What the log has there; null where that is nothing. */
  recorded: Side,
  /** What is decided there; null where that is nothing. */
  decided: Side,
});
export type ReplayFault = z.infer<typeof ReplayFault>;

/** What one version of the engine decided. */
export const ReplayedEngine = z.object({
  /** Null where the log does not say. */
  engine: z.int().nullable(),
  orders: z.int().nonnegative(),
  events: z.int().nonnegative(),
  /** Orders of which the program that replays decides something else: neither proof of a forgery nor of none. */
  otherwise: z.int().nonnegative(),
  example: ReplayFault.nullable(),
  firstPosition: z.int(),
  lastPosition: z.int(),
});
export type ReplayedEngine = z.infer<typeof ReplayedEngine>;

/** What came of deciding a log again. */
export const ReplayReport = z.object({
  /** Nothing differs of what this version of the engine decided, and nothing is missing. */
  verified: z.boolean(),
  runs: z.int().nonnegative(),
  events: z.int().nonnegative(),
  /** What the program is that replayed. */
  engine: z.int(),
  engines: z.array(ReplayedEngine),
  /** Where the replay stopped. */
  fault: ReplayFault.nullable(),
  durationMs: z.number().nonnegative(),
});
export type ReplayReport = z.infer<typeof ReplayReport>;
