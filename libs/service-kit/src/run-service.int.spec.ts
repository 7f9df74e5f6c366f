import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { isRunning, waitUntil } from './embedded-postgres/process-facts.js';
import { freePort } from './ports.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const nodeArguments = (behaviour: string): string[] => [
  '--conditions=@baton/source',
  '--disable-warning=ExperimentalWarning',
  '--import',
  here('../../../scripts/testing/run-source.mjs'),
  here('testing/probe-service.ts'),
  behaviour,
];

interface Probe {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Waits until the text stands on standard output. */
  readonly says: (text: string) => Promise<void>;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

function startProbe(behaviour: string, env: Record<string, string> = {}, ipc = false): Probe {
  const child = spawn(process.execPath, nodeArguments(behaviour), {
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc' as const] : [])],
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (data) => {
    out += data;
  });
  child.stderr?.on('data', (data) => {
    err += data;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    child,
    out: () => out,
    err: () => err,
    says: async (text) =>
      expect(await waitUntil(() => out.includes(text), 10_000), `${text} in ${out}${err}`).toBe(true),
    // `close` waits for the output too, but never comes once an IPC channel was disconnected.
    ended: new Promise((resolve) => child.once(ipc ? 'exit' : 'close', (code, signal) => resolve({ code, signal }))),
  };
}

const readiness = async (port: number, path = '/readyz'): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: await response.json() };
};

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops the service in order, with exit code 0', async (signal) => {
  const probe = startProbe('works');
  await probe.says('"ready"');
  probe.child.kill(signal);
  expect(await probe.ended).toEqual({ code: 0, signal: null });
  expect(probe.out()).toContain('stopped in order');
  expect(probe.err()).toBe('');
});

test('a service tells whoever started it when it is at work', async () => {
  const probe = startProbe('works', {}, true);
  const [word] = await once(probe.child, 'message');
  expect(word).toBe('ready');
  await probe.says('"ready"');
});

test('a signal that comes twice at once, as Ctrl-C under npm does, still stops the service in order', async () => {
  const probe = startProbe('works');
  await probe.says('"ready"');
  probe.child.kill('SIGINT');
  probe.child.kill('SIGINT');
  expect(await probe.ended).toEqual({ code: 0, signal: null });
  expect(probe.out()).toContain('stopped in order');
});

test('a stop that hangs is cut off, with exit code 1', async () => {
  const probe = startProbe('does-not-stop');
  await probe.says('"ready"');
  probe.child.kill('SIGTERM');
  expect(await probe.ended).toEqual({ code: 1, signal: null });
  expect(probe.out()).toContain('did not stop in time');
});

test('a signal also stops a service that is still starting', async () => {
  const probe = startProbe('starts-for-ever');
  await probe.says('"starting"');
  probe.child.kill('SIGTERM');
  expect(await probe.ended).toEqual({ code: 0, signal: null });
  expect(probe.err()).toBe('');
});

test('an expected failure at boot is one line with the next step and no stack, exit code 1', async () => {
  const probe = startProbe('refuses');
  expect(await probe.ended).toEqual({ code: 1, signal: null });
  expect(probe.err()).toBe('baton probe: No database. Start one.\n');
});

test('a failure that another try may mend has an exit code of its own', async () => {
  const probe = startProbe('finds-no-server');
  expect(await probe.ended).toEqual({ code: 75, signal: null });
  expect(probe.err()).toBe('baton probe: The server is away.\n');
});

test('a wrong variable stops the boot, is named, and has the exit code of what another try cannot help', async () => {
  const probe = startProbe('works', { BATON_HEALTH_PORT: 'x' });
  expect(await probe.ended).toEqual({ code: 78, signal: null });
  expect(probe.err()).toMatch(/^baton probe: BATON_HEALTH_PORT is not valid: [^\n]+\n$/);
});

test('a bug at boot shows where it happened', async () => {
  const probe = startProbe('has-a-bug');
  expect(await probe.ended).toEqual({ code: 1, signal: null });
  expect(probe.err()).toMatch(/surprise\n\s+at .*probe-service/);
});

test('a rejection that nobody handles ends the process with code 1', async () => {
  const probe = startProbe('rejects-later');
  expect(await probe.ended).toEqual({ code: 1, signal: null });
  expect(probe.err()).toContain('forgotten');
});

test('the health server tells alive, ready with its checks, and 404 for the rest', async () => {
  const port = await freePort();
  const probe = startProbe('works', { BATON_HEALTH_PORT: String(port) });
  await probe.says('"ready"');
  expect(await readiness(port, '/livez')).toEqual({ status: 200, body: { status: 'alive' } });
  expect(await readiness(port)).toEqual({
    status: 200,
    body: { status: 'ready', phase: 'running', checks: { always: 'ok' } },
  });
  expect((await readiness(port, '/readyz?verbose')).body).toMatchObject({ facts: { sandbox: 'none here' } });
  expect((await readiness(port, '/other')).status).toBe(404);
});

test('a failing check makes the service not ready, by name and reason, while it stays alive', async () => {
  const port = await freePort();
  const probe = startProbe('unwell', { BATON_HEALTH_PORT: String(port) });
  await probe.says('"ready"');
  const checks = { always: 'ok', database: 'connection refused' };
  expect(await readiness(port)).toMatchObject({ status: 503, body: { status: 'not ready', checks } });
  expect((await readiness(port, '/livez')).status).toBe(200);
});

test('a service that is still starting is alive but not ready', async () => {
  const port = await freePort();
  const probe = startProbe('starts-for-ever', { BATON_HEALTH_PORT: String(port) });
  await probe.says('"starting"');
  expect(await readiness(port)).toMatchObject({ status: 503, body: { phase: 'starting' } });
});

test('a taken health port is named', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const probe = startProbe('works', { BATON_HEALTH_PORT: String(address.port) });
  expect(await probe.ended).toEqual({ code: 1, signal: null });
  expect(probe.err()).toContain('Give BATON_HEALTH_PORT a free port');
});

test('a service with an IPC channel ends when the other side is gone', async () => {
  const probe = startProbe('works', {}, true);
  await probe.says('"ready"');
  probe.child.disconnect();
  expect(await probe.ended).toEqual({ code: 0, signal: null });
});

/** A shell that starts the service as its child and says its pid; killing it leaves the service without a parent. */
test('kill -9 of the supervisor named by BATON_PARENT_PID ends the service', async () => {
  const script = 'BATON_PARENT_PID=$$ "$@" & echo "pid=$!"; wait';
  const shell = spawn('sh', ['-c', script, 'sh', process.execPath, ...nodeArguments('works')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void shell.kill('SIGKILL'));
  let out = '';
  shell.stdout.on('data', (data) => {
    out += data;
  });
  expect(await waitUntil(() => out.includes('"ready"'), 10_000)).toBe(true);
  const pid = Number(/pid=(\d+)/.exec(out)?.[1]);
  expect(isRunning(pid)).toBe(true);
  shell.kill('SIGKILL');
  expect(await waitUntil(() => !isRunning(pid), 5_000)).toBe(true);
});
