// Queues for a plain Node process: nothing of Nest is loaded.
export type { MessagingConfig, MessagingLog, MessagingOptions } from './config.js';
export { type ConsumeOptions, consume } from './consume.js';
export type { Consumer } from './consumer.js';
export { type ConsumerTiming, defaultTiming } from './consumer-timing.js';
export type { DeadLetter, Delivery, RecordDeadLetter } from './delivery.js';
export { type QueueEpoch, queueEpoch } from './epoch.js';
export {
  type JobState,
  type Messaging,
  type OutgoingJob,
  openMessaging,
  prepareQueues,
  type QueueCounts,
} from './messaging.js';
export type { RetryPolicy } from './queue-roles.js';
