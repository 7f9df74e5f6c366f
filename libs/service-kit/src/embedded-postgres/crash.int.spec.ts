import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chooseAccount, runAs } from './account.js';
import { findBinaries } from './binaries.js';
import { readPostmasterFile } from './postmaster.js';
import { isRunning, postgresProcessesIn, signalProcess, sleep, waitUntil } from './process-facts.js';
import { initialisedFolder, killHard, query, start, startOwner } from './testing/owners.js';

const committed = 'create table if not exists kept (n int); insert into kept select generate_series(1, 1000)';
const countKept = 'select count(*)::int as n from kept';

test('kill -9 of Postgres is reported, and it starts again with every committed row', async () => {
  const folder = initialisedFolder();
  const first = await start(folder);
  await query(first.url, committed);
  signalProcess(first.pid, 'SIGKILL');
  expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
  const second = await start(folder);
  expect(second.port).toBe(first.port);
  expect(await query(second.url, countKept)).toEqual([{ n: 1000 }]);
});

test('children that a killed Postgres leaves at work do not block the restart', async () => {
  const folder = initialisedFolder();
  const first = await start(folder);
  // A backend in a tight loop does not look at its postmaster, so it outlives it and keeps the shared memory.
  const busy = expect(query(first.url, `do $$ begin for i in 1..2000000000 loop end loop; end $$`)).rejects.toThrow();
  await waitUntil(() => postgresProcessesIn(join(folder, 'data')).length > 6, 5_000);
  await sleep(200);
  signalProcess(first.pid, 'SIGKILL');
  await first.exited;
  const second = await start(folder);
  await busy;
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('kill -9 of the owner ends its Postgres in order, and the next owner goes on with the data', async () => {
  const folder = initialisedFolder();
  const owner = startOwner(folder);
  const ready = await owner.next();
  if (ready.type !== 'ready') throw new Error(JSON.stringify(ready));
  await query(ready.url, committed);
  await killHard(owner.process);
  expect(await waitUntil(() => !isRunning(ready.pid), 10_000)).toBe(true);
  expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).toContain('received fast shutdown request');
  const next = await start(folder);
  expect(await query(next.url, countKept)).toEqual([{ n: 1000 }]);
});

test('kill -9 of the owner and of Postgres at once loses nothing that was committed', async () => {
  const folder = initialisedFolder();
  const owner = startOwner(folder);
  const ready = await owner.next();
  if (ready.type !== 'ready') throw new Error(JSON.stringify(ready));
  await query(ready.url, committed);
  signalProcess(ready.pid, 'SIGKILL');
  await killHard(owner.process);
  const next = await start(folder);
  expect(await query(next.url, countKept)).toEqual([{ n: 1000 }]);
});

test('a postmaster that nobody owns any more is shut down before the next one starts', async () => {
  const folder = initialisedFolder();
  const first = await start(folder);
  await query(first.url, committed);
  await first.stop();
  const data = join(folder, 'data');
  const account = chooseAccount(data);
  const abandoned = spawn(findBinaries(account, folder).postgres, ['-D', data, '-p', String(first.port)], {
    ...runAs(account),
    cwd: data,
    env: { LC_ALL: 'C' },
    stdio: 'ignore',
    detached: true,
  });
  const gone = once(abandoned, 'exit');
  await waitUntil(() => readPostmasterFile(data)?.status === 'ready', 10_000);
  const lines: string[] = [];
  const next = await start(folder, { log: (line) => lines.push(line) });
  expect(await gone).toEqual([0, null]);
  expect(lines.join('\n')).toContain(`process ${abandoned.pid}`);
  expect(next.pid).not.toBe(abandoned.pid);
  expect(await query(next.url, countKept)).toEqual([{ n: 1000 }]);
});

/** Writes the pid file of a postmaster that once had the pid of a process which is something else now. */
function pretendPostmaster(data: string, pid: number, port: number): void {
  writeFileSync(join(data, 'postmaster.pid'), `${pid}\n${data}\n1700000000\n${port}\n\n127.0.0.1\n  1  1\nready   \n`);
}

test('a pid file that names another living program is stale, and that program is left alone', async () => {
  const folder = initialisedFolder();
  const first = await start(folder);
  await first.stop();
  const data = join(folder, 'data');
  const bystander = spawn('sleep', ['60'], { ...runAs(chooseAccount(data)), cwd: data, stdio: 'ignore' });
  onTestFinished(() => void bystander.kill());
  pretendPostmaster(data, bystander.pid ?? 0, first.port);
  await start(folder);
  expect(isRunning(bystander.pid ?? 0)).toBe(true);
});

test.skipIf(!existsSync('/proc/self/stat'))('a pid file that names a zombie is stale', async () => {
  const folder = initialisedFolder();
  const first = await start(folder);
  await first.stop();
  const data = join(folder, 'data');
  // The first sleep ends, and the program that its parent has become meanwhile never waits for it.
  const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], {
    ...runAs(chooseAccount(data)),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void parent.kill());
  const [line] = await once(parent.stdout, 'data');
  const zombie = Number(String(line));
  expect(await waitUntil(() => !isRunning(zombie), 5_000)).toBe(true);
  expect(signalProcess(zombie, 0)).toBe(true);
  pretendPostmaster(data, zombie, first.port);
  await start(folder);
});
