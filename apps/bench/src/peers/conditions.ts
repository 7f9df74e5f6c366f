import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import type { RedisServer } from '@baton/test-stack';
import { Client } from 'pg';
import { versionsOfPeers } from './install.js';

/** Under what it was measured: a figure without it says nothing. */
export interface Conditions {
  readonly at: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  /** Processes that wanted a core, over the minute before. */
  readonly load: number;
  readonly node: string;
  readonly postgres: string;
  readonly redis: string | null;
  readonly peers: Readonly<Record<string, string>>;
}

/** As much load as this, for each core, and others had their share of the machine. */
const BUSY = 0.3;

export async function conditionsNow(postgresUrl: string, redis: RedisServer | null): Promise<Conditions> {
  return {
    at: new Date().toISOString(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    load: loadavg()[0] ?? Number.NaN,
    node: process.versions.node,
    postgres: await postgresVersion(postgresUrl),
    redis: (await redis?.info('server'))?.get('redis_version') ?? null,
    peers: await versionsOfPeers(),
  };
}

async function postgresVersion(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end();
  }
}

export function conditionLines(conditions: Conditions): readonly string[] {
  const { at, cores, processor, memoryBytes, node, postgres, redis, peers } = conditions;
  const gibibytes = Math.round(memoryBytes / 2 ** 30);
  const installed = Object.entries(peers).map(([name, version]) => `${name} ${version}`);
  return [
    `${at}: ${cores} × ${processor}, ${gibibytes} GiB; Node ${node}, Postgres ${postgres}, ${redis === null ? 'no Redis' : `Redis ${redis}`}`,
    installed.join(', '),
    ...[busyLine(conditions)].filter((line) => line !== null),
  ];
}

/** A warning where others had their share of the machine, else null. */
export const busyLine = ({ load, cores }: Pick<Conditions, 'load' | 'cores'>): string | null =>
  load > BUSY * cores
    ? `The machine was busy when it began (load ${load.toFixed(1)} on ${cores} cores): do not believe the figures.`
    : null;
