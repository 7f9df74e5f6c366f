export { ownRedis, wipeRedis } from './own-redis.js';
export { type DeadLetters, deadLetters, eventually, quickTiming } from './recorder.js';
export { backends, type TestServer } from './test-servers.js';
export { withQueues } from './with-queues.js';
