export type { QueueFlow } from './backend/backend.js';
export { bundleOf, createBundleSender, inBundles } from './bundle-sender.js';
export type { MessagingConfig } from './config.js';
export { type ConsumeOptions, consume } from './consume.js';
export type { Consumer } from './consumer.js';
export type { Delivery, RecordDeadLetter } from './delivery.js';
export { type QueueEpoch, queueEpoch } from './epoch.js';
export {
  type JobState,
  type Messaging,
  type OutgoingJob,
  openMessaging,
  type PublishOptions,
  prepareQueues,
  type QueueCounts,
  type TaskAlongside,
} from './messaging.js';
export {
  provideRedisProducers,
  redisPasswordSha256,
  restoreRedisProducers,
} from './redis-producers.js';
