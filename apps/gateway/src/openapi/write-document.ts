import { writeFile } from 'node:fs/promises';
import { openApiDocument } from './document.js';
import { OPENAPI_FILE } from './document-file.js';

/* Writes openapi.json anew: `node apps/gateway/dist/openapi/write-document.js`. */

await writeFile(OPENAPI_FILE, `${JSON.stringify(openApiDocument(), null, 2)}\n`);
process.stderr.write(`written to ${OPENAPI_FILE}\n`);
