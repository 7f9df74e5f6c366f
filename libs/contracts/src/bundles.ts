import { z } from 'zod';
import { PROTOCOL_VERSION } from './envelope.js';
import { Json } from './json.js';

/** The job name of a bundle, on whatever queue. */
export const BUNDLE = 'bundle';
/** As many messages as travel as one job, and as many bytes of JSON that they have together. */
export const MOST_IN_BUNDLE = 100;
export const BUNDLE_LIMIT_BYTES = 256 * 1024;
const MOST_JOB_ID_CHARS = 300;

/**
 * Job `bundle`: messages that were ready for the same queue at the same moment. Each is what it would be as a job of its own,
 * with its name and its data, and is taken, tried again or put aside by itself. A kind of worker gets bundles only where
 * every worker of it has said that it takes them.
 */
export const MessageBundle = z.object({
  v: z.literal(PROTOCOL_VERSION),
  messages: z
    .array(
      z.object({
        name: z.string().min(1).max(100),
        data: Json,
        // What it is called where it is taken out of the bundle, to come again by itself.
        jobId: z.string().min(1).max(MOST_JOB_ID_CHARS).optional(),
      }),
    )
    .min(1)
    .max(MOST_IN_BUNDLE),
});
export type MessageBundle = z.infer<typeof MessageBundle>;
