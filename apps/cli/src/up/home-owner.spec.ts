import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimHome, ownerOf } from './home-owner.js';

let home: string;
const file = () => join(home, 'owner.json');
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'baton-owner-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('the first to claim a home owns it, and says where it is', () => {
  const claim = claimHome(home, 'http://127.0.0.1:4400');
  expect(ownerOf(home)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:4400' });
  claim.release();
  expect(ownerOf(home)).toBeNull();
  expect(readdirSync(home)).toEqual([]);
});

test('a second one is refused while the first lives, with its process and address', () => {
  const claim = claimHome(home, 'http://127.0.0.1:4400');
  expect(() => claimHome(home, null)).toThrowError(
    expect.objectContaining({
      code: 'already-running',
      message: expect.stringMatching(new RegExp(`already running.*4400.*${process.pid}`)),
    }),
  );
  expect(ownerOf(home)?.pid).toBe(process.pid);
  claim.release();
});

test('the home of a process that was killed is free', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  claimHome(home, null).release();
  const mine = claimHome(home, null);
  const owner = JSON.parse(readFileSync(file(), 'utf8'));
  mine.release();
  writeFileSync(file(), JSON.stringify({ ...owner, pid: child.pid, began: 'whatever the system says' }));
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(ownerOf(home)).toBeNull();
  claimHome(home, null).release();
});

test('a process with the pid of a dead owner is not taken for it', () => {
  writeFileSync(file(), JSON.stringify({ pid: process.pid, began: 'another time', url: null }));
  expect(ownerOf(home)).toBeNull();
  claimHome(home, null).release();
});

test('half a file is nobody’s', () => {
  writeFileSync(file(), '{"pid": 1');
  const claim = claimHome(home, null);
  expect(ownerOf(home)?.pid).toBe(process.pid);
  claim.release();
  expect(existsSync(file())).toBe(false);
});

test('releasing does not take the home from somebody else', () => {
  const claim = claimHome(home, null);
  writeFileSync(file(), JSON.stringify({ pid: 1, began: 'x', url: null }));
  claim.release();
  expect(existsSync(file())).toBe(true);
});
