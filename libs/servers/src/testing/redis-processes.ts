import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/* Redis as it is run in production: servers, sentinels and nodes as processes of a test, which it may kill. */

const program = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0) ?? null;

/** Why there are no such servers here; null where there are. */
export const noRedisHere = program === null ? 'neither redis-server nor valkey-server is on the PATH' : null;

/** A server of Redis, or a sentinel. */
export interface RedisProcess {
  readonly port: number;
  /** SIGKILL. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Asks it something on a connection of its own. */
  ask<T>(question: (redis: Redis) => Promise<T>): Promise<T>;
}

export interface RedisProcesses {
  /** Starts one. `settings` are those of redis.conf, a line each. */
  start(settings?: readonly string[], options?: Start): Promise<RedisProcess>;
  /** Kills all, and removes what they wrote. */
  stop(): Promise<void>;
}

interface Start {
  readonly isSentinel?: boolean;
  /** How the test itself connects, beside where. */
  readonly as?: { readonly tls: ConnectionOptions; readonly password: string };
  /** Instead of a free one. */
  readonly port?: number;
}

export function redisProcesses(): RedisProcesses {
  const folder = mkdtempSync(join(tmpdir(), 'baton-redis-processes-'));
  const running = new Set<() => Promise<void>>();
  return {
    async start(settings = [], { isSentinel = false, as, port: given } = {}) {
      const port = given ?? (await freePort());
      const own = mkdtempSync(join(folder, 'server-'));
      const file = join(own, 'redis.conf');
      const place = settings.some((line) => line.startsWith('tls-port')) ? [] : [`port ${port}`];
      const ofServer = isSentinel ? [] : ['save ""', 'appendonly no', 'maxmemory-policy noeviction'];
      const lines = ['bind 127.0.0.1', `dir ${own}`, ...place, ...ofServer, ...settings];
      writeFileSync(file, `${lines.map((line) => line.replaceAll('$PORT', String(port))).join('\n')}\n`);
      let server: ChildProcess | null = null;
      const ask = async <T>(question: (redis: Redis) => Promise<T>): Promise<T> => {
        const redis = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null, ...as });
        redis.on('error', () => {
          // The question rejects, too.
        });
        try {
          await redis.connect();
          return await question(redis);
        } finally {
          redis.disconnect();
        }
      };
      const kill = async (): Promise<void> => {
        const killed = server;
        server = null;
        if (killed === null || killed.exitCode !== null || killed.signalCode !== null) return;
        const exited = once(killed, 'exit');
        killed.kill('SIGKILL');
        await exited;
      };
      const start = async (): Promise<void> => {
        if (program === null) throw new Error(String(noRedisHere));
        server = spawn(program, [file, ...(isSentinel ? ['--sentinel'] : [])], { stdio: 'ignore' });
        await eventually(
          () => ask(async (redis) => void (await redis.call('ping'))),
          `the server at ${port} to answer`,
        );
      };
      running.add(kill);
      await start();
      return { port, kill, start, ask };
    },
    async stop() {
      await Promise.all([...running].map((kill) => kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A cluster of three primaries with a replica each. A node that does not answer for a second is given up.
 * @returns the nodes in an order in which those with the slots come first
 */
export async function startCluster(processes: RedisProcesses): Promise<readonly RedisProcess[]> {
  const settings = [
    'cluster-enabled yes',
    'cluster-node-timeout 1000',
    'cluster-require-full-coverage no',
    'cluster-replica-validity-factor 0',
  ];
  // A node has a second port for the others, 10,000 above by default: one that is told is free as well.
  const nodes = await Promise.all(
    Array.from({ length: 6 }, async () => processes.start([...settings, `cluster-port ${await freePort()}`])),
  );
  const [first] = nodes;
  if (first === undefined) throw new Error('unreachable: there are six nodes');
  const ids = await Promise.all(nodes.map((node) => node.ask((redis) => redis.call('cluster', 'myid'))));
  const slots = [0, 5_461, 10_923, 16_384];
  for (const [n, node] of nodes.entries()) {
    if (n < 3) {
      const [from = 0, to = 0] = slots.slice(n, n + 2);
      await node.ask((redis) => redis.call('cluster', 'addslotsrange', String(from), String(to - 1)));
    }
    const bus = await node.ask((redis) => redis.config('GET', 'cluster-port'));
    const busPort = Array.isArray(bus) ? String(bus[1]) : '';
    if (n > 0) await first.ask((redis) => redis.call('cluster', 'meet', '127.0.0.1', String(node.port), busPort));
  }
  for (const [n, node] of nodes.entries()) {
    if (n < 3) continue;
    await eventually(
      () => node.ask((redis) => redis.call('cluster', 'replicate', String(ids[n - 3]))),
      `node ${n} to know its primary`,
    );
  }
  for (const [n, node] of nodes.entries()) {
    await eventually(async () => {
      const info = String(await node.ask((redis) => redis.call('cluster', 'info')));
      if (!/cluster_state:ok/.test(info) || !/cluster_known_nodes:6/.test(info)) throw new Error(info);
      if (n < 3) return;
      const replication = await node.ask((redis) => redis.info('replication'));
      if (!/master_link_status:up/.test(replication)) throw new Error(replication);
    }, `node ${n} to be one of the cluster`);
  }
  return nodes;
}

/** A primary with a replica, and three sentinels that give it up after a second. */
export async function startSentinels(processes: RedisProcesses): Promise<{
  readonly primary: RedisProcess;
  readonly replica: RedisProcess;
  readonly sentinels: readonly RedisProcess[];
}> {
  const primary = await processes.start();
  const replica = await processes.start([`replicaof 127.0.0.1 ${primary.port}`, 'repl-diskless-sync-delay 0']);
  await eventually(async () => {
    const info = await replica.ask((redis) => redis.info('replication'));
    if (!/master_link_status:up/.test(info)) throw new Error(info);
  }, 'the replica to follow');
  const settings = [
    `sentinel monitor mymaster 127.0.0.1 ${primary.port} 2`,
    'sentinel down-after-milliseconds mymaster 1000',
    'sentinel failover-timeout mymaster 4000',
  ];
  const sentinels = await Promise.all([1, 2, 3].map(() => processes.start(settings, { isSentinel: true })));
  for (const sentinel of sentinels) {
    await eventually(async () => {
      const told = await sentinel.ask((redis) => redis.call('sentinel', 'master', 'mymaster'));
      const facts = Array.isArray(told) ? told.map(String) : [];
      const of = (name: string): number => Number(facts[facts.indexOf(name) + 1]);
      if (of('num-slaves') < 1 || of('num-other-sentinels') < 2) throw new Error(facts.join(' '));
    }, 'the sentinels to know each other');
  }
  return { primary, replica, sentinels };
}
