export {
  BULLMQ_TRANSPORT,
  BullMqServer,
  type BullMqServerOptions,
  createQueueService,
  type ServedQueue,
} from './nest/bullmq-server.js';
export { assertHandlers, type MessageRoute, message, type QueueMessages } from './nest/handlers.js';
export { RethrowFilter } from './nest/rethrow-filter.js';
export * from './queues.js';
