export { BullMqServer, createQueueService, type ServedQueue } from './bullmq-server.js';
export { message } from './handlers.js';
