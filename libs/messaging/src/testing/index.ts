export { ownRedis, wipeRedis } from './own-redis.js';
