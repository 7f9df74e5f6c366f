import { z } from 'zod';

/** What the definitions of events are made of. */

export const Visit = z.int().nonnegative();
export const Frame = z.int().nonnegative();
export const Instant = z.iso.datetime();

export const define = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), data: z.object(shape) });
