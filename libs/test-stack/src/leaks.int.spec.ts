import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { children, holdings, keepProcess, leftovers } from './leaks.js';

const sleeper = () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
};

test('a process that is still there is told, also one that nobody refers to any more', async () => {
  const child = sleeper();
  child.unref();
  expect(children()).toEqual([{ pid: child.pid, command: 'sleep 60' }]);
  expect(await leftovers()).toEqual([`process ${child.pid}: sleep 60`]);
  child.ref();
});

test('a server that still listens is told', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  expect(await leftovers()).toEqual(['TCPServerWrap']);
});

test('what was there before is not told, and what came beside it is', async () => {
  const earlier = createServer().listen(0, '127.0.0.1');
  sleeper();
  onTestFinished(() => void earlier.close());
  await once(earlier, 'listening');
  // The server of the test before this one needs a moment to be gone.
  await expect.poll(() => holdings().handles.toSorted()).toEqual(['ProcessWrap', 'TCPServerWrap']);
  const before = holdings();
  expect(await leftovers(before)).toEqual([]);
  const later = createServer().listen(0, '127.0.0.1');
  const other = sleeper();
  onTestFinished(() => void later.close());
  await once(later, 'listening');
  expect((await leftovers(before)).toSorted()).toEqual([
    'ProcessWrap',
    'TCPServerWrap',
    `process ${other.pid}: sleep 60`,
  ]);
});

test('what is closed a moment later is not, nor a process that is kept', async () => {
  const kept = sleeper();
  kept.unref();
  keepProcess(kept.pid ?? 0);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  setTimeout(() => server.close(), 100);
  expect(await leftovers()).toEqual([]);
  kept.ref();
});
