import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { CallStopped, openStoppable, type Stoppable } from './stoppable.js';

/** A thread's module with this body. What a thread does on its own account, after its call, is not seen in ours. */
function moduleOf(body: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-threads-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'thread.mjs');
  const head = "import { threadId } from 'node:worker_threads';";
  writeFileSync(file, `${head} export default ({ name, begun }) => { Atomics.store(begun, 0, threadId); ${body} }`);
  return pathToFileURL(file).href;
}

function open(body: string, memoryMb: number, monotonicMs = () => performance.now()): Stoppable {
  const stoppable = openStoppable({
    entry: moduleOf(body),
    threads: 1,
    memoryMb,
    monotonicMs,
  });
  onTestFinished(() => stoppable.close());
  return stoppable;
}

test('a thread that dies when nobody waits for it any more takes nothing with it', async () => {
  const deaths: unknown[] = [];
  const note = (thrown: unknown): void => void deaths.push(thrown);
  process.on('uncaughtExceptionMonitor', note);
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', note));
  // Not before the answer is taken: who still waits is told of the death, whichever of the two arrives first.
  const late = "if (name === 'late') setTimeout(() => { throw new Error('late'); }, 200); return name;";
  const stoppable = open(late, 64);
  expect(await stoppable.call('late', [], { timeMs: 1_000 })).toBe('late');
  await sleep(600);
  expect(deaths).toEqual([]);
  expect(await stoppable.call('next', [], { timeMs: 1_000 })).toBe('next');
});

test('a call that runs out of memory is stopped for that, and the next one is answered', async () => {
  const stoppable = open("const all = []; while (name === 'hoard') all.push('x' + Math.random()); return name;", 64);
  const stopped = await stoppable.call('hoard', [], { timeMs: 20_000 }).catch((thrown: unknown) => thrown);
  expect(stopped).toBeInstanceOf(CallStopped);
  expect(stopped).toMatchObject({ limit: 'memory' });
  expect(await stoppable.call('next', [], { timeMs: 1_000 })).toBe('next');
});

test('what counts is what a thread computes, and not how long a busy machine lets it wait', async () => {
  const used = 'const used = () => { const { user, system } = process.threadCpuUsage(); return user + system; };';
  const work = 'for (let n = 0; n < 1e5; n += 1) Math.sqrt(n);';
  const compute = `${used} const before = used(); while (used() - before < name * 1_000) ${work} return name;`;
  const endless = "if (name === 'endless') for (;;);";
  const waits = "if (name === 'waits') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);";
  // A clock that goes ten times as fast is a machine that ten others use.
  const stoppable = open(`${endless} ${waits} ${compute}`, 64, () => performance.now() * 10);
  expect(await stoppable.call('150', [], { timeMs: 400 })).toBe('150');
  await expect(stoppable.call('endless', [], { timeMs: 150 })).rejects.toMatchObject({ limit: 'time' });
  await expect(stoppable.call('waits', [], { timeMs: 20 })).rejects.toMatchObject({ limit: 'time' });
  expect(await stoppable.call('1', [], { timeMs: 400 })).toBe('1');
});

test('a call whose thread does not say what it computed is ended by the clock', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-threads-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  // It waits within the system for somebody who writes: until then nothing gets into the thread, and it cannot end either.
  const stoppable = open("return process.getBuiltinModule('node:fs').readFileSync(name, 'utf8');", 64);
  try {
    await expect(stoppable.call(pipe, [], { timeMs: 10 })).rejects.toMatchObject({ limit: 'time' });
  } finally {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
  }
});
