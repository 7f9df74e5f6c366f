import { resolve } from 'node:path';
import { messageSchemas } from './message-schemas.js';

/** The repository's folder of published schemas. */
export const SCHEMAS_DIR = resolve(import.meta.dirname, '../../../../schemas');

/** Name and text of every file in it. */
export const schemaFiles = (): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(messageSchemas()).map(([id, schema]) => [`${id}.json`, `${JSON.stringify(schema, null, 2)}\n`]),
  );
