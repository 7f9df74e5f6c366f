import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GENERATED_DIR, generatedFiles } from './generated-files.js';

/* Writes src/generated anew: `node libs/client/dist/generate/write-generated.js`. */

await mkdir(GENERATED_DIR, { recursive: true });
for (const [name, text] of await generatedFiles()) await writeFile(join(GENERATED_DIR, name), text);
process.stderr.write(`written to ${GENERATED_DIR}\n`);
