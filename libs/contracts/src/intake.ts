import { z } from 'zod';
import { RunId } from './ids.js';
import { JsonObject } from './json.js';

/** Makes a request idempotent: the same id is accepted once, whatever the way it came. */
export const RequestId = z.string().min(1).max(200);
export type RequestId = z.infer<typeof RequestId>;

export const WorkflowName = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'expected kebab-case');
export const WorkflowRef = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*(@\d+\.\d+\.\d+)?$/, 'expected name or name@version, such as seven-step@1.0.0');

export const DecisionMode = z.enum(['programmatic', 'llm', 'hybrid', 'shadow']);
export type DecisionMode = z.infer<typeof DecisionMode>;

/** Who did something: recorded with every event. */
export const Actor = z.object({
  type: z.enum(['user', 'apikey', 'agent', 'system', 'producer']),
  id: z.string().min(1).max(200),
});
export type Actor = z.infer<typeof Actor>;

/** Job `submit` on `intake`. */
export const SubmitRun = z.object({
  requestId: RequestId,
  workflow: WorkflowRef,
  input: JsonObject,
  runId: RunId.optional(),
  /** 0 is most urgent. */
  priority: z.int().min(0).max(3).optional(),
  labels: z.record(z.string().min(1).max(63), z.string().max(255)).optional(),
  decisions: z.object({ mode: DecisionMode }).optional(),
  budget: z
    .object({
      usd: z.number().positive().optional(),
      tokens: z.int().positive().optional(),
      wallClock: z.iso.duration().optional(),
    })
    .optional(),
  /** Set by the gateway from the caller's credentials; a direct producer's own word is recorded as such. */
  actor: Actor.optional(),
});
export type SubmitRun = z.infer<typeof SubmitRun>;

/** Job `cancel` on `intake`. */
export const CancelRun = z.object({
  requestId: RequestId,
  runId: RunId,
  reason: z.string().max(2000).optional(),
  actor: Actor.optional(),
});
export type CancelRun = z.infer<typeof CancelRun>;
