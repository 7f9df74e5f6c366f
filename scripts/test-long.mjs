// `npm run test:long`: the tests that have a short form in `npm test`, at full length. Arguments go to the test runner.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInPlace } from './setup/run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** What a test asks to know which form is meant; helpers in a folder `testing` may ask for a whole spec file. */
const ASKS = "inject('effort')";

const sources = ['apps', 'libs'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('/src/') && path.endsWith('.ts') && !path.includes('node_modules'))
    .map((path) => join(folder, path)),
);
const asking = sources.filter((path) => readFileSync(join(root, path), 'utf8').includes(ASKS));
const helpers = asking.filter((path) => !path.endsWith('.spec.ts'));

/** Whether a spec file imports a helper that asks. @param {string} path */
const usesHelper = (path) =>
  helpers.some((helper) => {
    const folder = dirname(path);
    if (!helper.startsWith(`${folder}/`)) return false;
    return readFileSync(join(root, path), 'utf8').includes(`'./${helper.slice(folder.length + 1, -'.ts'.length)}.js'`);
  });

const files = sources.filter((path) => path.endsWith('.spec.ts') && (asking.includes(path) || usesHelper(path)));
process.chdir(root);
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/baton/compiled');
process.env.BATON_TEST_EFFORT = 'long';
const runner = join(root, 'node_modules/vitest/vitest.mjs');
process.exitCode = await runInPlace([process.execPath, runner, 'run', ...files, ...process.argv.slice(2)]);
