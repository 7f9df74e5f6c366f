import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SCHEMAS_DIR, schemaFiles } from './schema-files.js';

/* Writes schemas/*.json anew: `node apps/gateway/dist/schemas/write-schemas.js`. */

const files = schemaFiles();
await mkdir(SCHEMAS_DIR, { recursive: true });
for (const file of await readdir(SCHEMAS_DIR)) {
  if (file.endsWith('.json') && !files.has(file)) await rm(join(SCHEMAS_DIR, file));
}
for (const [file, text] of files) await writeFile(join(SCHEMAS_DIR, file), text);
process.stderr.write(`${files.size} schemas written to ${SCHEMAS_DIR}\n`);
