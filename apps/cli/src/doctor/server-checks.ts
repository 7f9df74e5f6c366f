import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { GatewayRefused, GatewayUnreachable } from '@baton/client';
import { toError } from '@baton/contracts';
import {
  isReadOnlyRefusal,
  isWritable,
  poolerBefore,
  postgresClient,
  primariesOf,
  readRedisPlace,
  redisClient,
  tlsRefusal,
} from '@baton/servers';
import { isPortFree } from '@baton/service-kit';
import type { Client } from 'pg';
import { z } from 'zod';
import { readEnvFile } from '../env-file.js';
import type { Environment } from '../environment.js';
import { DEFAULT_PORT, findConnection } from '../gateway/connection.js';
import { openGateway } from '../gateway/gateway.js';
import { ownerOf } from '../up/home-owner.js';
import { type Finding, fail, ok } from './finding.js';

export const CONNECT_TIMEOUT_MS = 4_000;

export function checkStack({ home }: Environment): Finding {
  const owner = ownerOf(home);
  if (owner === null) return ok('stack', 'not running');
  return ok('stack', `running as process ${owner.pid}${owner.url === null ? '' : ` at ${owner.url}`}`);
}

/** The port of the stack that runs, whatever this shell says; else the one that the next start would take. */
export async function checkPort(env: Environment): Promise<Finding> {
  const running = ownerOf(env.home)?.url ?? null;
  if (running !== null) return ok('port', `${new URL(running).host} is ours`);
  const port = env.BATON_PORT || DEFAULT_PORT;
  const place = `${env.BATON_HOST}:${port}`;
  if (await isPortFree(port, env.BATON_HOST)) return ok('port', `${place} is free`);
  return fail('port', `${place} is in use by another program`, 'Stop that program, or set BATON_PORT.');
}

/** Component of the schema → the version this program brings: the migrations of each library, and each of its functions. */
function shippedVersions(root: string): Readonly<Record<string, number>> {
  const filesIn = (...path: readonly string[]): readonly string[] => {
    const folder = join(root, 'libs', ...path);
    return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.sql')) : [];
  };
  const versions = readdirSync(join(root, 'libs')).flatMap((library): (readonly [string, number])[] => [
    [library, filesIn(library, 'migrations').length],
    ...filesIn(library, 'functions').map((file): readonly [string, number] => [
      `${library}/${basename(file, '.sql')}`,
      versionOf(readFileSync(join(root, 'libs', library, 'functions', file), 'utf8')),
    ]),
  ]);
  return Object.fromEntries(versions);
}

const versionOf = (sql: string): number => Number(/^-- version: (\d+)\n/.exec(sql)?.[1] ?? 0);

const Version = z.object({ component: z.string(), version: z.int() });

async function schemaFinding(client: Client, root: string, server: string): Promise<Finding> {
  const check = 'database';
  const { rows: known } = await client.query(`select to_regclass('baton.schema_version') is not null as prepared`);
  if (!z.array(z.object({ prepared: z.boolean() })).parse(known)[0]?.prepared) {
    return ok(check, `${server}, empty: the first start prepares it`);
  }
  const { rows } = await client.query(
    'select component, max(version)::int as version from baton.schema_version group by component order by component',
  );
  const shipped = shippedVersions(root);
  const versions = z.array(Version).parse(rows);
  const newer = versions.find(({ component, version }) => version > (shipped[component] ?? 0));
  if (newer !== undefined) {
    const found = `${server}, schema ${newer.component} at ${newer.version}, newer than this program`;
    return fail(check, found, 'Use the newer Baton, or another database.');
  }
  const older = versions.filter(({ component, version }) => version < (shipped[component] ?? 0));
  const state = older.length === 0 ? 'schema up to date' : 'older schema: the next start brings it up to date';
  return ok(check, `${server}, ${state}`);
}

const OLDEST_POSTGRES = 15;

/** DATABASE_URL, else the embedded database while it runs: then `up` has written where it is. */
export async function checkDatabase(env: Environment, root: string): Promise<Finding> {
  const check = 'database';
  const isOurs = env.DATABASE_URL === undefined;
  if (isOurs && ownerOf(env.home) === null) return ok(check, 'embedded, started with the stack');
  const url = env.DATABASE_URL ?? (await readEnvFile(env.home)).DATABASE_URL;
  if (url === undefined) return ok(check, 'embedded, just being started');
  let client: Client | null = null;
  try {
    const direct = isOurs ? url : (env.BATON_DATABASE_DIRECT_URL ?? url);
    client = postgresClient(direct, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    client.on('error', () => {}); // The query that was under way rejects as well.
    await client.connect();
    const found = (await poolerFinding(direct, env)) ?? ((await isWritable(client)) ? null : READ_ONLY);
    if (found !== null) return found;
    const { rows } = await client.query(`select current_setting('server_version') as version`);
    const version = z.array(z.object({ version: z.string() })).parse(rows)[0]?.version ?? '0';
    if (Number.parseInt(version, 10) < OLDEST_POSTGRES) {
      return fail(check, `Postgres ${version}, too old`, `Use Postgres ${OLDEST_POSTGRES} or newer.`);
    }
    return await schemaFinding(client, root, `Postgres ${version}${isOurs ? ', embedded' : ''}`);
  } catch (thrown) {
    if (isReadOnlyRefusal(thrown)) return READ_ONLY;
    const next = isOurs ? 'Look at .baton/postgres/postgres.log.' : 'Start that Postgres, or correct DATABASE_URL.';
    return fail(check, `does not answer (${reasonOf(thrown)})`, next);
  } finally {
    await client?.end().catch(() => {});
  }
}

const READ_ONLY = fail(
  'database',
  'only reads: nothing can be written there',
  'Make it writable, or a standby the primary.',
);

/** What stands between Baton and the database that it cannot work through; null where all is well. */
async function poolerFinding(direct: string, env: Environment): Promise<Finding | null> {
  if ((await poolerBefore(direct)) !== 'by transaction') return null;
  const variable = env.BATON_DATABASE_DIRECT_URL === undefined ? 'DATABASE_URL' : 'BATON_DATABASE_DIRECT_URL';
  return fail(
    'database',
    `${variable} leads to a pooler that hands out a connection for each transaction`,
    'Set BATON_DATABASE_DIRECT_URL to the Postgres itself; DATABASE_URL may go on leading to the pooler.',
  );
}

/** Messages of the drivers may be empty where several addresses were tried. */
export function reasonOf(thrown: unknown): string {
  const error = toError(thrown);
  if (error instanceof AggregateError) return error.errors.map((each) => toError(each).message).join('; ');
  return error.message;
}

export async function checkQueues(env: Environment): Promise<Finding> {
  const check = 'queues';
  if (env.REDIS_URL === undefined) return ok(check, 'on Postgres (set REDIS_URL for Redis)');
  let reason: unknown;
  try {
    const { kind } = readRedisPlace(env.REDIS_URL);
    const client = redisClient(env.REDIS_URL, {
      lazyConnect: true,
      enableOfflineQueue: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: CONNECT_TIMEOUT_MS,
      retryStrategy: () => null,
    });
    client.on('error', (error) => {
      reason ??= error; // `connect` rejects without the reason.
    });
    try {
      await client.connect();
      for (const primary of primariesOf(client)) {
        const policy = /^maxmemory_policy:(\S+)/m.exec(await primary.info('memory'))?.[1] ?? 'unknown';
        if (policy !== 'noeviction' && policy !== 'unknown') {
          return fail(
            check,
            `on a Redis that may drop jobs: maxmemory-policy is ${policy}`,
            'Set it with `redis-cli CONFIG SET maxmemory-policy noeviction`, and in redis.conf.',
          );
        }
      }
      return ok(check, `on Redis${KINDS[kind]}, maxmemory-policy noeviction`);
    } finally {
      client.disconnect();
    }
  } catch (thrown) {
    const cause = reason ?? thrown;
    const tls = tlsRefusal(cause);
    if (tls !== null) {
      return fail(check, `the Redis is not believed: ${tls}`, 'Check the scheme and ssl_ca_certs in REDIS_URL.');
    }
    return fail(check, `the Redis does not answer (${reasonOf(cause)})`, 'Start it, or unset REDIS_URL.');
  }
}

const KINDS = { single: '', sentinel: ' behind sentinels', cluster: ' Cluster' } as const;

/** The gateway and the token, in one question. */
export async function checkGateway(env: Environment, signal: AbortSignal): Promise<readonly Finding[]> {
  const connection = await findConnection(env);
  try {
    await openGateway(connection).get('/v1/runs', { params: { query: { limit: 1 } }, signal, timeoutMs: 10_000 });
    return [ok('gateway', connection.url), ok('token', 'accepted')];
  } catch (thrown) {
    const error = toError(thrown);
    if (error instanceof GatewayUnreachable) {
      const isExpected = env.BATON_URL === undefined && ownerOf(env.home) === null;
      const next = 'Start the stack with `npm start`, or correct BATON_URL.';
      return [
        isExpected ? ok('gateway', 'not running') : fail('gateway', `${connection.url} does not answer`, next),
        ok('token', connection.token === null ? 'made at the first start' : 'known'),
      ];
    }
    if (error instanceof GatewayRefused && error.status === 401) {
      return [ok('gateway', connection.url), fail('token', 'refused', error.next ?? 'Set BATON_TOKEN.')];
    }
    return [fail('gateway', error.message, 'Look at its log.')];
  }
}
