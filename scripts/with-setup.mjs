#!/usr/bin/env node
// The entry of every npm script: makes a fresh checkout ready, then runs the command with the Node that package.json pins.
// It runs in whatever Node the caller has and before anything is installed, so it is plain JavaScript without dependencies.
// Everything it says goes to standard error: standard output belongs to the command.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './setup/build.mjs';
import { hasDependencies, installDependencies } from './setup/dependencies.mjs';
import { inTurn } from './setup/lock.mjs';
import { checkPlatform, pinnedNode, SetupError } from './setup/platform.mjs';
import { runInPlace } from './setup/run.mjs';

const CLI = 'apps/cli/dist/main.js';

/** What runs, relative to the root, with the arguments that come before the caller's. @type {Readonly<Record<string, readonly string[]>>} */
const COMMANDS = {
  demo: [CLI, 'demo'],
  start: [CLI, 'up'],
  baton: [CLI],
  test: ['scripts/test.mjs'],
  'db:types': ['scripts/db-types.mjs'],
  'events:schemas': ['scripts/event-schemas.mjs'],
  pack: ['scripts/pack.mjs'],
  docs: ['scripts/docs.mjs'],
  'test-long': ['scripts/test-long.mjs'],
  bench: ['apps/bench/dist/main.js'],
  'bench:peers': ['apps/bench/dist/peers/main.js'],
  conformance: ['libs/asl-conformance/dist/main.js'],
  chaos: ['apps/bench/dist/chaos/main.js'],
  simulate: ['apps/orchestrator/dist/simulation/main.js'],
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const platform = `${process.platform}-${process.arch}`;
/** @param {string} line */
const say = (line) => void process.stderr.write(`${line}\n`);

async function setUp() {
  await inTurn(
    join(root, '.setup'),
    () => say('Waiting for another command that is setting up …'),
    async () => {
      if (!hasDependencies(root, platform)) await installDependencies(root, platform, say);
      if (!isBuilt(root)) await build(root, pinnedNode(root, platform) ?? process.execPath, say);
    },
  );
}

async function main() {
  const [name = '', ...args] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (command === undefined)
    throw new SetupError(`Unknown command "${name}". One of: ${Object.keys(COMMANDS).join(', ')}.`);
  checkPlatform(process.versions.node, platform);
  if (!hasDependencies(root, platform) || !isBuilt(root)) await setUp();
  const node = pinnedNode(root, platform) ?? process.execPath;
  const [script = '', ...before] = command;
  // What was set up has its bundle, where one could be made here.
  const bundled = join(root, 'dist/apps/cli.js');
  const program = script === CLI && existsSync(bundled) ? bundled : join(root, script);
  process.exitCode = await runInPlace([node, program, ...before, ...args]);
}

try {
  await main();
} catch (error) {
  say(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
