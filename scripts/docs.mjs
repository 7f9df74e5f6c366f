// `npm run docs`: writes docs/reference/ from the sources that say what stands there. The tests that compare the pages do the work.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInPlace } from './setup/run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

process.chdir(root);
process.env.BATON_WRITE_DOCS = 'yes';
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const specs = ['scripts/reference.spec.ts', 'apps/cli/src/cli-reference.spec.ts'];
process.exitCode = await runInPlace([process.execPath, vitest, 'run', '--project', 'unit', ...specs]);
