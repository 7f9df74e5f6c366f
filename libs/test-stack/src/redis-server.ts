import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@baton/service-kit';
import { Redis } from 'ioredis';
import { until } from './until.js';

/** A program of this name on the PATH, or null. */
const found = (name: string): string | null => {
  try {
    return execFileSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
};

/** The Redis or Valkey of this machine. Null where there is none, which is a failure where tests are told to need it. */
export function redisProgram(): string | null {
  const program = found('redis-server') ?? found('valkey-server');
  if (program === null && process.env.BATON_TEST_REDIS === 'required') {
    throw new Error('BATON_TEST_REDIS=required, but neither redis-server nor valkey-server is on the PATH.');
  }
  return program;
}

/** A Redis of the test's own, set up as an operator should (append-only, no eviction), which it may kill and wipe. */
export class RedisServer {
  #server: ChildProcess | null = null;

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly port: number,
    private readonly maxmemoryPolicy: string,
  ) {}

  static async start(program: string, maxmemoryPolicy = 'noeviction'): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'baton-e2e-redis-'));
    const server = new RedisServer(program, folder, await freePort(), maxmemoryPolicy);
    await server.launch();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#server?.pid;
  }

  /** What the server says of itself, a section of its INFO, by field. */
  async info(section: string): Promise<ReadonlyMap<string, string>> {
    const text = await this.#ask((redis) => redis.info(section));
    return new Map(
      [...text.matchAll(/^([^#:\r\n]+):([^\r]*)/gm)].map(([, field, value]) => [field ?? '', value ?? '']),
    );
  }

  async launch(): Promise<void> {
    const settings = [
      '--appendonly',
      'yes',
      '--appendfsync',
      'everysec',
      '--maxmemory-policy',
      this.maxmemoryPolicy,
      '--save',
      '',
    ];
    const place = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.folder];
    this.#server = spawn(this.program, [...place, ...settings], { stdio: 'ignore' });
    await until(
      () =>
        this.#ask((redis) => redis.ping()).then(
          () => true,
          () => false,
        ),
      'redis to answer',
    );
  }

  async kill(): Promise<void> {
    if (this.#server === null) return;
    const ended = once(this.#server, 'exit');
    this.#server.kill('SIGKILL');
    await ended;
    this.#server = null;
  }

  /** Everything is gone at once, as after a restore to an empty server. */
  async wipe(): Promise<void> {
    await this.#ask((redis) => redis.flushall());
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #ask<T>(request: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on('error', () => {
      // The request that is under way rejects, too.
    });
    try {
      return await request(redis);
    } finally {
      redis.disconnect();
    }
  }
}
