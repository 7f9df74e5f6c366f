/** Runs by itself: a service that runs a command in the sandbox, and is killed meanwhile. Its arguments are its folder and a driver. */
import { dirname } from 'node:path';
import { findSandbox, SandboxSetting } from '../find-sandbox.js';
import { openRunFolder } from '../run-folder.js';
import { LIMITS } from './limits.js';

const [tmpDir = '', driver] = process.argv.slice(2);
const toolchain = [{ from: dirname(process.execPath) }];
const now = () => new Date();
const { sandbox } = await findSandbox({
  setting: SandboxSetting.parse(driver),
  tmpDir,
  hidden: [],
  toolchain,
  now,
  newMark: () => 'doomed',
});
const folder = await openRunFolder(tmpDir, now());
await folder.handOver();
const limits = { ...LIMITS, wallMs: 60_000 };
const script = 'setsid sleep 67 & exec sleep 68';
await sandbox.run(
  { folder, readOnly: toolchain, argv: ['/bin/sh', '-c', script], limits },
  new AbortController().signal,
);
