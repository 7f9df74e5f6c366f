export { databasePooled, isRefusalOfPooler, poolerBefore, refuseTransactionPooler } from './pooler.js';
export {
  isReadOnlyRefusal,
  isWritable,
  type PostgresTarget,
  postgresClient,
  postgresTarget,
} from './postgres-client.js';
export {
  primariesOf,
  type RedisClient,
  type RedisSettings,
  redisClient,
  redisOptions,
  serversOf,
} from './redis-client.js';
export { REDIS_EXAMPLES, type RedisPlace, readRedisPlace } from './redis-place.js';
export { tlsRefusal } from './server-tls.js';
