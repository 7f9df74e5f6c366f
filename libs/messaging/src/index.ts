export { BullMqServer, createQueueService, type ServedQueue } from './nest/bullmq-server.js';
export { message } from './nest/handlers.js';
export * from './queues.js';
