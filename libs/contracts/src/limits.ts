import { z } from 'zod';

/*
 * What may be under way at once, and how often models may be asked: one policy for the whole of a Baton, said by the owner of its
 * database and kept there, so that all processes go by the same.
 */

const MOST = 1_000_000_000;
/** 0 lets nothing in. */
const Cap = z.int().min(0).max(MOST);
/** A model that may never be asked would have its tasks wait for ever. */
const Rate = z.int().min(1).max(MOST);

const Named = <T extends z.ZodType>(of: T) => z.record(z.string().min(1).max(320), of);

/** Whether anything is said at all: an empty part is a spelling mistake, or half a thought. */
const saysSomething = (part: object): boolean =>
  Object.values(part).some((value) => typeof value === 'number' || (typeof value === 'object' && saysSomething(value)));
const EMPTY = 'says nothing: leave it out, or give a limit';

/** Runs under way, but for those that another run asked for: they are part of it. */
const RunCaps = z
  .strictObject({
    /** All of them together. */
    atOnce: Cap.optional(),
    /** Of each person, key or producer. */
    perSubmitter: Cap.optional(),
    /** Of one, by its name, such as `user:ada`, `apikey:ci`, `producer:shop`: instead of `perSubmitter`. */
    submitters: Named(Cap).optional(),
    perWorkflow: Cap.optional(),
    /** By name, without a version. */
    workflows: Named(Cap).optional(),
    /** `team`: of each value of that label; `team=red`: of this one. */
    labels: Named(Cap).optional(),
  })
  .refine(saysSomething, EMPTY);

const ModelLimit = z.strictObject({
  /** Calls under way. */
  atOnce: Rate.optional(),
  /** In any sixty seconds. */
  requestsPerMinute: Rate.optional(),
  /** Tokens sent and written, but for what is read from a cache. */
  tokensPerMinute: Rate.optional(),
});

const ModelLimits = z
  .strictObject({
    /** All models together, but for the offline model. */
    all: ModelLimit.optional(),
    /** Each model by itself, but for the offline model. */
    each: ModelLimit.optional(),
    /** One by its name, instead of what is said of each. */
    named: Named(ModelLimit).optional(),
  })
  .refine(saysSomething, EMPTY);

export const LimitPolicy = z
  .strictObject({ runs: RunCaps.optional(), models: ModelLimits.optional() })
  .refine(({ runs, models }) => runs !== undefined || models !== undefined, EMPTY);
export type LimitPolicy = z.infer<typeof LimitPolicy>;

/** A cap, as lists show it, with what is taken of it and how many wait. */
export const CapView = z.object({
  /** `all runs`, `submitter user:ada`, `workflow seven-step` or `label team=red`. */
  cap: z.string(),
  underWay: z.int(),
  most: z.int(),
  waiting: z.int(),
});
export type CapView = z.infer<typeof CapView>;

/** A model that is limited, or all of them, as `all models`. */
export const ModelLoadView = z.object({
  model: z.string(),
  underWay: z.int(),
  /** Calls that wait for their turn. */
  waiting: z.int(),
  requestsLastMinute: z.int(),
  tokensLastMinute: z.int(),
  /** Null: no limit. */
  mostAtOnce: z.int().nullable(),
  mostRequests: z.int().nullable(),
  mostTokens: z.int().nullable(),
});
export type ModelLoadView = z.infer<typeof ModelLoadView>;
