export { changePatiently } from './patient-change.js';
export { databasePooled, isRefusalOfPooler, poolerBefore, refuseTransactionPooler } from './pooler.js';
export {
  isReadOnlyRefusal,
  isWritable,
  postgresClient,
  postgresTarget,
} from './postgres-client.js';
export {
  primariesOf,
  type RedisClient,
  redisClient,
  redisOptions,
  serversOf,
} from './redis-client.js';
export { readRedisPlace } from './redis-place.js';
export { tlsRefusal } from './server-tls.js';
