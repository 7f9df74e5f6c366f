import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { PASSING } from '../backend/own/postgres-tables.js';
import type { MessagingConfig } from '../config.js';
import { prepareQueues } from '../messaging.js';
import { ownRedis, wipeRedis } from './own-redis.js';

/** A queue server with nothing in it, for the tests of one file. */
export interface TestServer {
  readonly config: MessagingConfig;
  /** What may be lost is: all of a Redis, and of Postgres what a crash takes, the tables that are not logged. */
  lose(): Promise<void>;
  drop(): Promise<void>;
}

export interface TestBackend {
  readonly name: 'postgres' | 'redis' | 'postgres, own door' | 'redis, own door';
  /** The state of a job that is done, and how many of so many that are done are told of: behind the own door they are forgotten. */
  readonly done: 'completed' | 'unknown';
  readonly remembered: (jobs: number) => number;
  readonly isAvailable: boolean;
  open(): Promise<TestServer>;
}

const redisUrl = inject('redisUrl');

const REMEMBERING = { done: 'completed', remembered: (jobs: number) => jobs } as const;

const ofBullMq: readonly TestBackend[] = [
  { name: 'postgres', ...REMEMBERING, isAvailable: true, open: () => freshPostgres(inject('postgresUrl')) },
  {
    name: 'redis',
    ...REMEMBERING,
    isAvailable: redisUrl !== null,
    open: () => freshRedis(redisUrl ?? ''),
  },
];

/** The same servers, with everything sent through the door that Baton's own processes have. */
const ofOurs = ofBullMq.map(
  (backend): TestBackend => ({
    ...backend,
    name: backend.name.startsWith('redis') ? 'redis, own door' : 'postgres, own door',
    done: 'unknown',
    remembered: () => 0,
    open: async () => {
      const server = await backend.open();
      return { ...server, config: { ...server.config, via: 'own-door' } };
    },
  }),
);

export const backends: readonly TestBackend[] = [...ofBullMq, ...ofOurs];

async function freshPostgres(maintenanceUrl: string): Promise<TestServer> {
  const name = `messaging_${randomUUID().replaceAll('-', '')}`;
  await administer(maintenanceUrl, `create database ${name}`);
  const url = new URL(maintenanceUrl);
  url.pathname = `/${name}`;
  const config: MessagingConfig = { backend: 'postgres', url: url.href };
  await prepareQueues(config);
  return {
    config,
    lose: async () => {
      await administer(url.href, `truncate ${PASSING}`);
    },
    drop: async () => {
      await administer(maintenanceUrl, `drop database ${name} with (force)`);
    },
  };
}

/** Runs one statement and gives its rows. */
export async function administer<R extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

async function freshRedis(serverUrl: string): Promise<TestServer> {
  const url = await ownRedis(serverUrl);
  const wipe = () => wipeRedis(url);
  return { config: { backend: 'redis', url }, lose: wipe, drop: wipe };
}
