import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

const program = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** The shared server may be anywhere; these tests need the program itself. */
export const canStartRedis = program !== undefined;

/** A redis-server of a test's own, to be killed, restarted and misconfigured. */
export interface PrivateRedis {
  readonly url: string;
  /** SIGKILL; what was not yet on disk is lost. */
  kill(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function createPrivateRedis(settings: readonly string[] = []): Promise<PrivateRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-private-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    if (program === undefined) throw new Error('neither redis-server nor valkey-server is on the PATH');
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    server = spawn(program, [...fixed, '--appendonly', 'yes', '--appendfsync', 'always', ...settings], {
      stdio: 'ignore',
    });
    const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 30 });
    client.on('error', () => {});
    // A server that wants a password answers too.
    await client.ping().catch(() => {});
    client.disconnect();
  };
  const kill = async (): Promise<void> => {
    if (server === undefined) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
    server = undefined;
  };
  await start();
  return {
    url,
    kill,
    start,
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
