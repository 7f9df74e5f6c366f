export { ownRedis, wipeRedis } from './own-redis.js';
export { quickTiming } from './recorder.js';
export { withQueues } from './with-queues.js';
