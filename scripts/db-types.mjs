// `npm run db:types`: writes the types of the tables and schema.sql beside the migrations of each library that keeps tables,
// from an embedded Postgres to which all migrations were applied. The test that compares them does the work.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInPlace } from './setup/run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

process.chdir(root);
process.env.BATON_WRITE_DB_TYPES = 'yes';
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const spec = 'scripts/database.int.spec.ts';
process.exitCode = await runInPlace([process.execPath, vitest, 'run', '--project', 'int', spec]);
