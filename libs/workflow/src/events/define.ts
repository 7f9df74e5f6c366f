import { Usage } from '@baton/contracts';
import { z } from 'zod';

/** What the definitions of events are made of. */

export const Visit = z.int().nonnegative();
export const Frame = z.int().nonnegative();
export const Instant = z.iso.datetime();

/** What a worker tells beside its result. */
export const taskFacts = {
  usage: Usage.optional(),
  model: z.string().optional(),
  journal: z.object({ calls: z.int(), replayed: z.int() }).optional(),
};

export const define = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), data: z.object(shape) });
