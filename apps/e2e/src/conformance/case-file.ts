import { Json, JsonObject } from '@baton/contracts';
import { z } from 'zod';

/** One recorded execution. */
export const Case = z.object({
  id: z.string(),
  queryLanguage: z.string(),
  features: z.array(z.string()),
  definition: JsonObject,
  input: Json,
  expect: z.object({
    status: z.enum(['SUCCEEDED', 'FAILED']),
    output: Json,
    error: z.string().nullable(),
    cause: Json,
  }),
  /** JSON pointers into `expect` that are not compared. */
  volatile: z.array(z.string()).default([]),
  /** JSON pointers into `expect` whose words are the service's own. */
  awsWording: z.array(z.string()).default([]),
  causeKind: z.string(),
  recordedEvents: z.array(z.object({ type: z.string(), name: z.string().optional() })).nullish(),
  eventsInsideParallelUnordered: z.boolean().default(false),
});
export type Case = z.infer<typeof Case>;

/** A definition that the service refused, or a control that it accepted. */
export const InvalidCase = z.object({
  id: z.string(),
  definition: Json,
  expect: z.object({
    valid: z.boolean(),
    location: z.string().optional(),
    diagnostics: z.array(z.object({ location: z.string().optional() })).optional(),
  }),
});
export type InvalidCase = z.infer<typeof InvalidCase>;

/** Ids of cases that do not pass, each with the reason. */
export const KnownFailures = z.record(z.string(), z.string());
export type KnownFailures = z.infer<typeof KnownFailures>;
