export { type PostgresPair, startOwnPostgres, startPostgresPair } from './postgres-servers.js';
export { copyPostgresTemplate, makePostgresTemplate } from './postgres-template.js';
