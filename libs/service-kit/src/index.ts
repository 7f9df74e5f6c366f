export { embeddedOwnersPassword, removeEmbeddedPostgres } from './embedded-postgres/cluster.js';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded-postgres/embedded-postgres.js';
export {
  CountVariable,
  type EnvSource,
  FlagVariable,
  FoldersVariable,
  LogLevel,
  PortVariable,
  PublicUrlVariable,
  readEnv,
  readSecrets,
  ShardVariables,
  shardOfEnv,
} from './env.js';
export type { Health, HealthCheck } from './health.js';
export { createLogger, type Logger } from './logger.js';
export { nestLogger } from './nest-logger.js';
export { freePort, isPortFree } from './ports.js';
export { programOf } from './program.js';
export {
  EXIT_REFUSED,
  EXIT_TRY_AGAIN,
  type RunningService,
  runService,
  type ServiceContext,
} from './run-service.js';
