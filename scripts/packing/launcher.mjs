#!/usr/bin/env node
// The command of the package `baton-run`. It runs in whatever Node the caller has, so it is plain JavaScript: it hands over to
// the Node that came along, which is the one that all services are made for. Without words it starts the stack.
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPlatform, pinnedNode, SetupError } from '../setup/platform.mjs';
import { runInPlace } from '../setup/run.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const platform = `${process.platform}-${process.arch}`;
const [first = 'up', ...rest] = process.argv.slice(2);

/** npm puts it beside this package, or within it. */
function nodeThatCame() {
  for (const folder of createRequire(import.meta.url).resolve.paths('baton-run') ?? []) {
    const node = pinnedNode(dirname(folder), platform);
    if (node !== null) return node;
  }
  return process.execPath;
}

try {
  checkPlatform(process.versions.node, platform);
  process.exitCode = await runInPlace([nodeThatCame(), join(root, 'dist/apps/cli.js'), first, ...rest]);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
