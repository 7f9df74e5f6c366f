#!/usr/bin/env node
// Runs in whatever Node the caller has, so it is plain JavaScript: it hands over to the Node that the checkout pins, and
// builds first where nothing is built yet.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PINNED_MAJOR = '24';
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const main = join(root, 'apps/cli/dist/main.js');
const pinned = join(root, 'node_modules/.bin/node');
const args = process.argv.slice(2);

if (!existsSync(main)) {
  run(process.execPath, [join(root, 'scripts/with-setup.mjs'), 'baton', ...args]);
} else if (process.versions.node.split('.')[0] === PINNED_MAJOR || !existsSync(pinned)) {
  await import(pathToFileURL(main).href);
} else {
  run(pinned, [main, ...args]);
}

function run(program, programArgs) {
  const child = spawn(program, programArgs, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes, and the child alone decides what it means.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`error: ${program} does not start (${error.message}).\nnext:  Run \`npm install\`, then try again.`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
