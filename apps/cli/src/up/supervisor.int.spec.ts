import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Supervisor } from './supervisor.js';
import { ALWAYS_THERE, isAlive, SCRIPTS, startTiny, tinyLaunch, until } from './testing/tiny-services.js';

let dir: string;
const stops: (() => Promise<void>)[] = [];
const never = new AbortController().signal;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'baton-supervisor-'));
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  rmSync(dir, { recursive: true, force: true });
});

let launches = 0;
/** Each start gets a file of its own, so that a restarted process is not taken for ready by the word of the last. */
const fresh = (script: string) => async () => {
  launches += 1;
  return tinyLaunch(script, join(dir, `ready-${launches}`));
};

function start(script: string, ...rest: readonly Parameters<typeof startTiny>[2][]) {
  const tiny = startTiny('tiny', fresh(script), ...rest);
  stops.push(() => tiny.process.stop(200, never));
  return tiny;
}

test('a service that is killed with -9 is started again, and is ready again', async () => {
  const tiny = start(SCRIPTS.steady);
  await tiny.process.ready;
  const first = tiny.process.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await until(
    () => tiny.process.pid !== first && tiny.output.filter((line) => line.includes('ready')).length === 2,
    'a restart',
  );
  expect(tiny.news).toEqual(['tiny was killed by SIGKILL; it starts again in 0.2 s']);
  expect(isAlive(first)).toBe(false);
});

test('a service that fails once at its start gets another chance', async () => {
  const file = join(dir, 'ready');
  const tiny = startTiny('tiny', async () => tinyLaunch(SCRIPTS.diesOnce, file));
  stops.push(() => tiny.process.stop(200, never));
  await tiny.process.ready;
  expect(tiny.news).toEqual(['tiny ended with code 3; it starts again in 0.2 s']);
});

test('a service whose settings are refused at its start is given up at once, with its own sentence', async () => {
  const tiny = start(SCRIPTS.isRefused);
  expect((await tiny.gaveUp).message).toBe('The tiny cannot start: The key was refused. Set another.');
  expect(tiny.news).toEqual([]);
});

test('a service that fails again and again at its start is given up with its own last sentence', async () => {
  const tiny = start(SCRIPTS.refuses);
  const error = await tiny.gaveUp;
  expect(error.message).toContain('The schema is newer. Use the newer Baton.');
  expect(error.code).toBe('service-gave-up');
  expect(tiny.news.map((line) => line.match(/ (\S+) s$/)?.[1])).toEqual(['0.2', '0.4', '0.8', '1.6']);
});

test('a service that worked is not given up while a server of the operator is away', async () => {
  const tiny = start(SCRIPTS.losesItsServer);
  await tiny.process.ready;
  await until(
    () => tiny.output.filter((line) => line.includes('ready')).length === 2,
    'the service to be back',
    20_000,
  );
  expect(tiny.news).toHaveLength(6);
});

test('a service that never found its server is given up, with what it said', async () => {
  const tiny = start(SCRIPTS.findsNoServer);
  expect((await tiny.gaveUp).message).toContain('The database cannot be reached.');
});

test('a program that is not there is given up at once', async () => {
  const tiny = startTiny('tiny', async () => ({
    ...tinyLaunch('', join(dir, 'x')),
    program: join(dir, 'no-such-program'),
  }));
  expect((await tiny.gaveUp).message).toMatch(/tiny cannot be started: .*ENOENT/);
});

test('no start is tried while what the service needs is away', async () => {
  const { promise: back, resolve } = Promise.withResolvers<void>();
  const tiny = start(SCRIPTS.steady, { outages: 1, available: () => back });
  await new Promise((done) => setTimeout(done, 200));
  expect(tiny.process.pid).toBeUndefined();
  resolve();
  await tiny.process.ready;
});

test('a stop waits for the service to end in order', async () => {
  const tiny = start(SCRIPTS.steady);
  await tiny.process.ready;
  const pid = tiny.process.pid ?? 0;
  await tiny.process.stop(5_000, never);
  expect(isAlive(pid)).toBe(false);
  expect(tiny.news).toEqual([]);
});

test('a service that does not stop in time is killed', async () => {
  const tiny = start(SCRIPTS.stubborn);
  await tiny.process.ready;
  const pid = tiny.process.pid ?? 0;
  const before = performance.now();
  await tiny.process.stop(150, never);
  expect(performance.now() - before).toBeGreaterThanOrEqual(149);
  expect(isAlive(pid)).toBe(false);
});

test('a second Ctrl-C does not wait for it', async () => {
  const tiny = start(SCRIPTS.stubborn);
  await tiny.process.ready;
  const hurried = new AbortController();
  const before = performance.now();
  setTimeout(() => hurried.abort(), 50);
  await tiny.process.stop(60_000, hurried.signal);
  expect(performance.now() - before).toBeLessThan(5_000);
});

test('a service can be stopped while it waits for its next start', async () => {
  const tiny = start(SCRIPTS.refuses);
  await until(() => tiny.news.length >= 3, 'three deaths');
  await tiny.process.stop(5_000, never);
  const { length } = tiny.news;
  await new Promise((done) => setTimeout(done, 300));
  expect(tiny.news.length).toBe(length);
});

test('services stop in their order, and not before those that come first are gone', async () => {
  const order: string[] = [];
  const script = (name: string): string =>
    `process.on('SIGTERM', () => setTimeout(() => { console.log('${name} stops'); process.exit(0) }, 60)); setInterval(() => {}, 1000); ready()`;
  const specs = [
    { name: 'worker', stopsIn: 1, launch: fresh(script('worker')) },
    { name: 'gateway', stopsIn: 0, launch: fresh(script('gateway')) },
  ].map((spec) => ({ ...spec, onOutput: (line: string) => void (line.endsWith('stops') && order.push(line)) }));
  const supervisor = new Supervisor(specs, { dependency: ALWAYS_THERE, onNews() {}, onGiveUp() {} });
  await supervisor.ready();
  await supervisor.stop(never);
  expect(order).toEqual(['gateway stops', 'worker stops']);
});

function startSupervisor(kind: string): ChildProcess {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const supervisor = spawn(
    process.execPath,
    [
      '--experimental-transform-types',
      '--disable-warning=ExperimentalWarning',
      '--conditions=@baton/source',
      '--import',
      here('../../../../scripts/testing/run-source.mjs'),
      here('testing/tiny-supervisor.ts'),
      dir,
      kind,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  stops.push(async () => void supervisor.kill('SIGKILL'));
  return supervisor;
}

test('when the supervisor is killed with -9 no service stays behind', async () => {
  const supervisor = startSupervisor('leaves');
  const files = (): string[] => readdirSync(dir).filter((file) => file.startsWith('service-'));
  await until(() => files().length === 3, 'three services', 20_000);
  const pids = files().map((file) => Number(readFileSync(join(dir, file), 'utf8')));
  expect(pids.every(isAlive)).toBe(true);
  supervisor.kill('SIGKILL');
  await until(() => !pids.some(isAlive), 'the end of the services');
});

const QUICK = { everyMs: 50, answerMs: 200, silentMs: 500, bootMs: 30_000 };

test('a process that is frozen is killed and started again, with a word about it', async () => {
  const tiny = startTiny('tiny', fresh(SCRIPTS.answers), ALWAYS_THERE, QUICK);
  stops.push(() => tiny.process.stop(0, never));
  await tiny.process.ready;
  const pid = tiny.process.pid ?? 0;
  await new Promise((done) => setTimeout(done, 1_000));
  expect(tiny.process.pid).toBe(pid);
  process.kill(pid, 'SIGSTOP');
  await until(() => tiny.process.pid !== pid && tiny.process.pid !== undefined, 'another process', 20_000);
  expect(isAlive(pid)).toBe(false);
  expect(tiny.news[0]).toMatch(/^tiny has not answered for \d+ s; it is killed$/);
  expect(tiny.news[1]).toMatch(/^tiny .*SIGKILL.*; it starts again in/);
});

test('one that is told to stop while it is frozen is not started again', async () => {
  const tiny = startTiny('tiny', fresh(SCRIPTS.answers), ALWAYS_THERE, QUICK);
  await tiny.process.ready;
  process.kill(tiny.process.pid ?? 0, 'SIGSTOP');
  await tiny.process.stop(1_500, never);
  expect(tiny.news).toEqual([]);
});

test('a supervisor that was stopped, as a machine that slept, blames nobody for its own silence', async () => {
  const supervisor = startSupervisor('answers');
  const pids = (): number[] =>
    readdirSync(dir)
      .filter((file) => /^service-.$/.test(file))
      .map((file) => Number(readFileSync(join(dir, file), 'utf8')));
  await until(() => pids().length === 3, 'three services', 20_000);
  const before = pids();
  await new Promise((done) => setTimeout(done, 500));
  for (const pause of [1_500, 100, 2_000]) {
    supervisor.kill('SIGSTOP');
    await new Promise((done) => setTimeout(done, pause));
    supervisor.kill('SIGCONT');
    await new Promise((done) => setTimeout(done, 700));
  }
  expect(pids()).toEqual(before);
  expect(before.every(isAlive)).toBe(true);
});
