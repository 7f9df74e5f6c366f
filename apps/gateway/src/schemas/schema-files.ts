import { resolve } from 'node:path';
import { workflowDocumentSchema } from '@baton/workflow';
import { messageSchemas } from './message-schemas.js';

/** The repository's folder of published schemas. */
export const SCHEMAS_DIR = resolve(import.meta.dirname, '../../../../schemas');

/** Name and text of every file in it. */
export const schemaFiles = (): ReadonlyMap<string, string> =>
  new Map(
    [...Object.entries(messageSchemas()), ['workflow-document', workflowDocumentSchema()] as const].map(
      ([id, schema]) => [`${id}.json`, `${JSON.stringify(schema, null, 2)}\n`],
    ),
  );
