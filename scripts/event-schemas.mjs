// `npm run events:schemas`: puts the schemas of a new version of the events on record, behind those of before. What is on record
// it never changes: events of that version were written.
import { appendFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareSchemas, readSchemas } from '@baton/workflow/testing/schemas';

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'libs/workflow/golden/schemas.jsonl');
const schemas = readSchemas(readFileSync(file, 'utf8'));
const { missing } = compareSchemas(schemas);
for (const line of missing) {
  appendFileSync(file, `${JSON.stringify(line)}\n`);
  process.stdout.write(`${line.type} ${line.version} is on record now.\n`);
}
const { problems } = compareSchemas([...schemas, ...missing]);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
