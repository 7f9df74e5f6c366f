export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded-postgres/embedded-postgres.js';
export type { PostgresExit, PostgresSettings } from './embedded-postgres/server-process.js';
export { freePort, isPortFree } from './ports.js';
