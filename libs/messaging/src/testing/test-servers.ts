import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
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
  const urlOf = (database: string): string => Object.assign(new URL(maintenanceUrl), { pathname: `/${database}` }).href;
  const admin = adminOf(maintenanceUrl);
  await makeTemplate(admin, urlOf);
  await admin.query(`create database ${name} template ${TEMPLATE}`);
  const config: MessagingConfig = { backend: 'postgres', url: urlOf(name) };
  await prepareQueues(config);
  return {
    config,
    lose: async () => {
      await administer(config.url, `truncate ${PASSING} restart identity`);
    },
    drop: async () => {
      await awaitNobody(admin, name);
      await admin.query(`drop database ${name} with (force)`);
    },
  };
}

/** A connection that is ending has nobody any more who would hear that the server has ended it; some stay, as tests want. */
async function awaitNobody(admin: pg.Pool, name: string): Promise<void> {
  const end = performance.now() + GRACE_MS;
  const isSomebodyThere = async () =>
    (await admin.query('select from pg_stat_activity where datname = $1', [name])).rowCount !== 0;
  while ((await isSomebodyThere()) && performance.now() < end) await sleep(20);
}
const GRACE_MS = 1_000;

/** Queues that were prepared once: preparing those of a copy again finds all done, and takes a twentieth of the time. */
const TEMPLATE = 'messaging_template';
const TEMPLATE_LOCK = 7_262_616_004;

/** Under another name until it is whole; of several processes one makes it, and the others wait. */
async function makeTemplate(admin: pg.Pool, urlOf: (name: string) => string): Promise<void> {
  const client = await admin.connect();
  const isThere = async () =>
    (await client.query('select from pg_database where datname = $1', [TEMPLATE])).rowCount === 1;
  try {
    if (await isThere()) return;
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    if (!(await isThere())) {
      const unfinished = `messaging_${randomUUID().replaceAll('-', '')}`;
      await client.query(`create database ${unfinished}`);
      await prepareQueues({ backend: 'postgres', url: urlOf(unfinished) });
      await client.query(`alter database ${unfinished} rename to ${TEMPLATE}`);
    }
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  } finally {
    client.release();
  }
}

const admins = new Map<string, pg.Pool>();

/** Stays connected for all files of a process, and does not keep it from ending: a new connection copies far more slowly. */
function adminOf(url: string): pg.Pool {
  const known = admins.get(url);
  if (known !== undefined) return known;
  const pool = new pg.Pool({ connectionString: url, max: 1, allowExitOnIdle: true });
  pool.on('error', () => {
    // The server ended before this process.
  });
  admins.set(url, pool);
  return pool;
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
