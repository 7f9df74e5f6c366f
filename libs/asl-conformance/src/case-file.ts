import { Json } from '@baton/contracts';
import { z } from 'zod';

const parseText = (text: string): Json => {
  try {
    return Json.parse(JSON.parse(text));
  } catch {
    return text;
  }
};

/** One recorded execution. */
export const Case = z.object({
  id: z.string(),
  queryLanguage: z.string(),
  features: z.array(z.string()).default([]),
  /** An object, or its JSON text. */
  definition: Json.transform((json): Json => (typeof json === 'string' ? parseText(json) : json)),
  input: Json.default({}),
  expect: z.object({
    status: z.string(),
    output: Json.default(null),
    error: z.string().nullable().default(null),
    cause: Json.default(null),
  }),
  /** JSON pointers into `expect` that are not compared. */
  volatile: z.array(z.string()).default([]),
  /** JSON pointers into `expect` whose words are the service's own. */
  awsWording: z.array(z.string()).default([]),
  causeKind: z.string().default('absent'),
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
