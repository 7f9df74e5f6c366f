import { resolve } from 'node:path';

/** The repository's copy of the document: what clients are generated from. */
export const OPENAPI_FILE = resolve(import.meta.dirname, '../../../../openapi.json');
