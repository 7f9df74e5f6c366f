export { copyPostgresTemplate, makePostgresTemplate } from './postgres-template.js';
