import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const Started = z.object({ folder: z.string(), pids: z.array(z.int()).min(1) });

/** Starts the bench; what it started itself, and how it ends. */
async function bench(ending: string) {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@baton/source',
      `--import=${here('../../../scripts/testing/run-source.mjs')}`,
      here('testing/bench-with-children.ts'),
      ending,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const exited = once(child, 'exit');
  const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return {
    ...Started.parse(JSON.parse(String(line.value))),
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    end: async () => ({ code: (await exited)[0], said }),
  };
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('a bench that gets %s ends what it started and removes its folder', async (signal, expected) => {
  const { pids, folder, ...running } = await bench('works');
  expect(pids.map(isRunning)).toEqual([true, true]);
  expect(existsSync(folder)).toBe(true);
  running.signal(signal);
  expect((await running.end()).code).toBe(expected);
  expect(pids.map(isRunning)).toEqual([false, false]);
  expect(existsSync(folder)).toBe(false);
});

test.each([
  ['ends', 7, ''],
  ['fails', 1, 'it went wrong'],
  ['breaks', 1, 'nobody caught it'],
])('a bench that %s leaves no process and no folder', async (ending, code, why) => {
  const { pids, folder, ...running } = await bench(ending);
  const ended = await running.end();
  expect(ended.code).toBe(code);
  expect(ended.said).toContain(why);
  expect(pids.map(isRunning)).toEqual([false, false]);
  expect(existsSync(folder)).toBe(false);
});
