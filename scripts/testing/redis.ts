import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '@baton/service-kit';

export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** The full path of a program on the PATH, or null. */
export function findProgram(names: readonly string[], path: string): string | null {
  const candidates = names.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a Redis answers PING (or asks for a password, which also shows that it is one). */
export function answersPing(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => finish(/^(\+PONG|-NOAUTH)/.test(data.toString('latin1'))));
  });
}

/** Starts a Redis or Valkey server that keeps nothing and ends with this process, however that ends. */
export async function startRedis(program: string): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-redis-'));
  const port = await freePort();
  const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  // The shell ends the server when its standard input closes, which a kill -9 of this process does too.
  const script = '"$@" >/dev/null 2>&1 & server=$!; cat >/dev/null; kill "$server"; wait "$server"';
  const shell = spawn('/bin/sh', ['-c', script, 'sh', program, '--port', String(port), '--dir', folder, ...settings], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    shell.once('exit', () => resolve());
  });
  const stop = async (): Promise<void> => {
    shell.stdin?.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await answersPing('127.0.0.1', port)) return { url: `redis://127.0.0.1:${port}`, stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop();
  throw new Error(`${program} did not answer within 10 s.`);
}
