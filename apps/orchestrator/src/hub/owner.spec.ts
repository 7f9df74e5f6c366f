import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { factsIn, isGone, type Machine, ownerOf, thisMachine } from './owner.js';

const machine = (
  facts: { readonly state: string; readonly beganAt: string } | null,
  exists = facts !== null,
): Machine => ({
  place: 'boot/pid:[1]',
  factsOf: () => facts,
  mayExist: () => exists,
});
const alive = machine({ state: 'S', beganAt: '100' });
const owner = ownerOf('host', 7, alive);

test('who holds a lane is told with its machine, its number and its begin', () => {
  expect(owner).toBe('host:7@boot/pid:[1]@100');
});

test.each([
  ['a process that lives', alive, false],
  ['one that is frozen', machine({ state: 'T', beganAt: '100' }), false],
  ['one whose number nobody has', machine(null), true],
  ['one whose number another process has by now', machine({ state: 'R', beganAt: '101' }), true],
  ['one that has ended and was not asked for', machine({ state: 'Z', beganAt: '100' }), true],
  ['one that is there and hidden', machine(null, true), false],
  ['one of another machine', { ...machine(null), place: 'boot/pid:[2]' }, false],
  ['one of which this machine can say nothing', null, false],
])('%s: whether it is gone', (_, here, gone) => {
  expect(isGone(owner, here)).toBe(gone);
});

test('an owner that says no more than a name is never gone', () => {
  expect([isGone('host:7', alive), isGone('test', machine(null)), isGone('', machine(null))]).toEqual([
    false,
    false,
    false,
  ]);
});

test('the name of a program does not pass for what the system says of it', () => {
  const fields = Array.from({ length: 18 }, (_, index) => index).join(' ');
  expect(factsIn(`12 (a) Z 1 (b) S ${fields} 4711 0 0`)).toEqual({ state: 'S', beganAt: '4711' });
});

test.skipIf(process.platform !== 'linux')(
  'a process of this machine is gone once it was killed, and not before',
  async () => {
    const here = thisMachine();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const exited = once(child, 'exit');
    await once(child, 'spawn');
    const named = ownerOf('here', child.pid ?? 0, here);
    expect(isGone(named, here)).toBe(false);
    child.kill('SIGSTOP');
    expect(isGone(named, here)).toBe(false);
    child.kill('SIGKILL');
    await exited;
    expect(isGone(named, here)).toBe(true);
    expect(isGone(ownerOf('here', process.pid, here), here)).toBe(false);
  },
);
