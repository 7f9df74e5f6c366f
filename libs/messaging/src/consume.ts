import type { MessageSchemas } from '@baton/contracts';
import { Consumer } from './consumer.js';
import { type ConsumerTiming, defaultTiming } from './consumer-timing.js';
import type { Delivery, RecordDeadLetter } from './delivery.js';
import type { Messaging, OutgoingJob, PublishOptions } from './messaging.js';
import { type RetryPolicy, roleOf } from './queue-roles.js';

export interface ConsumeOptions<M extends MessageSchemas> {
  readonly queue: string;
  /** The queue's messages: job names, each with the schema of its data. */
  readonly messages: M;
  /**
   * Resolves: the message is done. Throws TerminalError: dead letter. Throws RetryableError: again after `retryAfterMs`.
   * Throws anything else: again with exponential backoff, and to the dead letter after the role's attempts.
   */
  readonly handle: (message: Delivery<M>) => Promise<void>;
  /** Whether a message that came too often has done its work all the same: then it is no dead letter. */
  readonly isSettled?: (message: Delivery<M>) => Promise<boolean>;
  /** How many jobs are handled at the same time; a bundle of messages is one. */
  readonly concurrency: number;
  readonly deadLetter: RecordDeadLetter;
  /** Instead of the policy of the queue's role. */
  readonly retry?: Partial<RetryPolicy>;
  readonly timing?: Partial<ConsumerTiming>;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Starts to take messages at once, and goes on through outages of the server until it is stopped. */
export function consume<M extends MessageSchemas>(messaging: Messaging, options: ConsumeOptions<M>): Consumer<M> {
  const { queue, messages, handle, isSettled, concurrency, deadLetter } = options;
  return new Consumer(messaging, {
    queue,
    messages,
    handle,
    isSettled,
    concurrency,
    deadLetter,
    log: messaging.log,
    cut: messaging.cut,
    sendOn: ({ via }, jobs) => sendOn(messaging, queue, jobs, via),
    retry: { ...roleOf(queue).retry, ...options.retry },
    timing: { ...defaultTiming, ...options.timing },
    clock: options.clock ?? Date.now,
  });
}

/** BullMQ's one by one: in bulk it may want a sequence of numbers that the login of a worker has no right to make. */
async function sendOn(
  messaging: Messaging,
  queue: string,
  jobs: readonly OutgoingJob[],
  via: PublishOptions['via'],
): Promise<void> {
  if (via === 'own-door') return messaging.publish(queue, jobs, { via });
  for (const job of jobs) await messaging.publish(queue, [job]);
}
