import { z } from 'zod';
import { DEFAULT_RUN_LIMITS, type RunLimits } from './run-limits.js';

/*
 * What decided: a version of the code behind `decide`, and the settings of the hub that a decision depends on. A run records
 * it when it begins and whenever it changes, so that its log alone says how each of its orders is decided again: ADR 53.
 */

/**
 * Raised whenever `decide` gives something else than before for any order on any state. `golden/decided.v2.jsonl` notices: see
 * `replay/decided-again.spec.ts`.
 */
export const ENGINE_VERSION = 2;

export const Engine = z.object({
  version: z.int().positive(),
  /** The limits that it decided under: see `RunLimits`. */
  statesWithoutWaiting: z.int().positive(),
  expressionSteps: z.int().positive(),
  /** See `OrderMeta`; null where there was no limit. */
  maxPayloadBytes: z.int().positive().nullable(),
});
export type Engine = z.infer<typeof Engine>;

/** The part of `OrderMeta` that says what decides. */
interface DecidedUnder {
  readonly engine?: Engine | null | undefined;
  readonly limits?: RunLimits | undefined;
  readonly maxPayloadBytes?: number | undefined;
}

/** What decides with this meta; null where a log that does not say is decided again. */
export function engineOf({ engine, limits = DEFAULT_RUN_LIMITS, maxPayloadBytes }: DecidedUnder): Engine | null {
  if (engine !== undefined) return engine;
  const { statesWithoutWaiting, expressionSteps } = limits;
  return { version: ENGINE_VERSION, statesWithoutWaiting, expressionSteps, maxPayloadBytes: maxPayloadBytes ?? null };
}

export const isSameEngine = (one: Engine | undefined, other: Engine): boolean =>
  one !== undefined &&
  one.version === other.version &&
  one.statesWithoutWaiting === other.statesWithoutWaiting &&
  one.expressionSteps === other.expressionSteps &&
  one.maxPayloadBytes === other.maxPayloadBytes;
