// `npm test`: the one truth about whether a change is good. CI runs exactly this, after the long forms. Arguments go to the test runner.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInPlace } from './setup/run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tool = (/** @type {string} */ path) => join(root, 'node_modules', path);

/** Must all pass before a test runs; each shows what it found only when it fails. @type {Readonly<Record<string, readonly string[]>>} */
const CHECKS = {
  'format and lint': [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', root],
  types: [tool('typescript/bin/tsc'), '-b', root],
  'nothing unused': [tool('knip/bin/knip.js'), '--no-progress'],
  'nothing shipped that only tests use': [tool('knip/bin/knip.js'), '--no-progress', '--production', '--dependencies'],
};

for (const [name, command] of Object.entries(CHECKS)) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    process.stderr.write(`${stdout}${stderr}\n${name}: failed\n`);
    process.exit(1);
  }
  process.stderr.write(`${name}: passed (${((performance.now() - began) / 1000).toFixed(1)} s)\n`);
}

process.chdir(root);
// The runner's own workers, and every program of Baton that a test starts, find their code compiled.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/baton/compiled');
process.exitCode = await runInPlace([process.execPath, tool('vitest/vitest.mjs'), 'run', ...process.argv.slice(2)]);
