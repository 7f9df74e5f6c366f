export { type Certificates, makeCertificates, noCertificatesHere } from './certificates.js';
export { noPgbouncerHere, startPgbouncer } from './pgbouncer.js';
export { noRedisHere, type RedisProcess, redisProcesses, startCluster, startSentinels } from './redis-processes.js';
