/** Runs by itself (docs/sandbox.md has the command): what it costs to start `true`, the median of twenty, by driver. */
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { findSandbox, type SandboxSetting } from '../find-sandbox.js';
import { openRunFolder } from '../run-folder.js';
import { LIMITS } from './limits.js';

const toolchain = [{ from: dirname(process.execPath) }];
const now = () => new Date();
const RUNS = 20;

async function medianMs(act: () => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startedMs = performance.now();
    await act();
    times.push(performance.now() - startedMs);
  }
  return `${times.toSorted((a, b) => a - b)[RUNS / 2]?.toFixed(1)} ms`;
}

async function of(setting: SandboxSetting): Promise<string> {
  const { sandbox } = await findSandbox({
    setting,
    tmpDir: tmpdir(),
    hidden: [],
    toolchain,
    now,
    newMark: () => 'cost',
  });
  const { signal } = new AbortController();
  const folder = await openRunFolder(tmpdir(), now());
  await folder.handOver();
  const command = { folder, readOnly: toolchain, limits: LIMITS };
  const cost = await medianMs(() => sandbox.run({ ...command, argv: ['/bin/true'] }, signal));
  await folder.remove();
  return `${sandbox.driver} ${cost}`;
}

process.stdout.write(
  `${await of('bwrap')}, ${await of('none')}, a bare child ${await medianMs(async () => execFileSync('/bin/true'))}\n`,
);
