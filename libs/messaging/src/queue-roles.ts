import { INLINE_LIMIT_BYTES, INTAKE_QUEUE } from '@baton/contracts';

/** When a message whose handler failed is delivered again, and when it goes to the dead letter. */
export interface RetryPolicy {
  /** How often a handler may fail with an error that is neither terminal nor retryable. */
  readonly attempts: number;
  /** The wait after the first such failure; it doubles with each further one. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** Deliveries for whatever reason, so that a handler that always asks for another try comes to an end. */
  readonly maxDeliveries: number;
  /** How often the process that held the message may die or hang before the message is taken for the cause. */
  readonly maxStalls: number;
}

/** How messages of a kind of queue are stored and retried. */
export interface QueueRole {
  /** Bytes of JSON above which a message is refused by `publish`. */
  readonly sizeLimitBytes: number;
  /** How long a finished job is remembered: the same job id is ignored for that time. */
  readonly keepCompletedSeconds: number;
  /** Redis only: on Postgres a count costs a scan of the queue with every finished job. */
  readonly keepCompletedCount: number;
  readonly retry: RetryPolicy;
}

/**
 * The sweep of a hub, every five seconds, has to see twice that a job is done before it believes that its result is lost; and
 * what was sent a moment ago may be sent again. Nothing else asks for a job that is done, and each stands in the tables that
 * every other job goes through: after an hour of 310 steps a second there were two million of them.
 */
const remembered = { keepCompletedSeconds: 60, keepCompletedCount: 100_000 };

/** Envelope and a body of the inline limit, with room for what JSON escapes. */
const ENVELOPED_LIMIT_BYTES = 4 * INLINE_LIMIT_BYTES;

/** A submission carries its whole input, because a producer outside has no blob store. */
const intake: QueueRole = {
  ...remembered,
  sizeLimitBytes: 1024 * 1024,
  retry: { attempts: 8, backoffMs: 500, maxBackoffMs: 30_000, maxDeliveries: 500, maxStalls: 10 },
};

/** A try may cost money, so few; a model that is overloaded may ask for many waits. */
const worker: QueueRole = {
  ...remembered,
  sizeLimitBytes: ENVELOPED_LIMIT_BYTES,
  retry: { attempts: 5, backoffMs: 2_000, maxBackoffMs: 60_000, maxDeliveries: 200, maxStalls: 4 },
};

/** A try costs one decision and a result holds paid work, so many and quick. */
const results: QueueRole = {
  ...remembered,
  sizeLimitBytes: ENVELOPED_LIMIT_BYTES,
  retry: { attempts: 12, backoffMs: 200, maxBackoffMs: 15_000, maxDeliveries: 1_000, maxStalls: 10 },
};

/** The role of a queue by its name. A queue that Baton does not name is treated like a worker's. */
export function roleOf(queue: string): QueueRole {
  if (queue === INTAKE_QUEUE) return intake;
  return queue.startsWith('results-') ? results : worker;
}
