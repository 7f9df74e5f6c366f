// `npm test`: the one truth about whether a change is good. CI runs exactly this, after the long forms. Arguments go to the test runner.
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInPlace } from './setup/run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tool = (/** @type {string} */ path) => join(root, 'node_modules', path);

/** Must all pass before a test runs, and are made side by side; each shows what it found only when it fails. @type {Readonly<Record<string, readonly string[]>>} */
const CHECKS = {
  'format and lint': [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', root],
  types: [tool('typescript/bin/tsc'), '-b', root],
  'nothing unused': [tool('knip/bin/knip.js'), '--no-progress'],
  'nothing shipped that only tests use': [tool('knip/bin/knip.js'), '--no-progress', '--production', '--dependencies'],
};

const MOST_OUTPUT_BYTES = 64 * 1_048_576;

/** What it printed where it fails, and null where it passes. @param {string} name @param {readonly string[]} command @returns {Promise<string | null>} */
function faultOf(name, command) {
  const began = performance.now();
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, maxBuffer: MOST_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (error !== null) return resolve(`${stdout}${stderr}\n${name}: failed\n`);
      process.stderr.write(`${name}: passed (${((performance.now() - began) / 1000).toFixed(1)} s)\n`);
      resolve(null);
    });
  });
}

const faults = await Promise.all(Object.entries(CHECKS).map(([name, command]) => faultOf(name, command)));
const found = faults.filter((fault) => fault !== null);
if (found.length > 0) {
  process.stderr.write(found.join('\n'));
  process.exit(1);
}

process.chdir(root);
// The runner's own workers, and every program of Baton that a test starts, find their code compiled.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/baton/compiled');
process.exitCode = await runInPlace([process.execPath, tool('vitest/vitest.mjs'), 'run', ...process.argv.slice(2)]);
