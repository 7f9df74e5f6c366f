import { z } from 'zod';
import { CommandId, RunId } from './ids.js';

export const PROTOCOL_VERSION = 1;

/**
 * What every message between the hub and a worker carries, in both directions.
 * The body stands beside these fields: `arguments` of a task, `output` or `error` of a result; a body above
 * INLINE_LIMIT_BYTES is replaced by `blobRef`.
 */
export const Envelope = z.object({
  v: z.literal(PROTOCOL_VERSION),
  /** The message's own id. A worker makes a new one for its result. */
  id: z.string().min(1),
  runId: RunId,
  commandId: CommandId,
  /** The step's number in its workflow, for people and logs; 0 where the workflow numbers no steps. */
  step: z.int().nonnegative(),
  /** Counts how often the hub sent this command under a new job id; a result repeats the number it answers. */
  dispatchNo: z.int().nonnegative(),
  /** W3C trace context. What is none is left out. */
  traceparent: z.string().optional().catch(undefined),
  /** RFC 3339 instant after which the hub no longer accepts a result. */
  deadline: z.iso.datetime().optional(),
});
export type Envelope = z.infer<typeof Envelope>;
