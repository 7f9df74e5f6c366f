/** Runs by itself: tells what a service would find here. */
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { findSandbox } from '../find-sandbox.js';

const toolchain = [{ from: dirname(process.execPath) }];
const now = () => new Date();
for (const setting of [undefined, 'bwrap', 'none'] as const) {
  const choice = await findSandbox({ setting, tmpDir: tmpdir(), hidden: [], toolchain, now, newMark: () => 'told' });
  process.stdout.write(`${JSON.stringify({ ...choice, sandbox: choice.sandbox.driver })}\n`);
}
