import { workerQueue } from '@baton/contracts';
import { postgresClient, redisClient, serversOf } from '@baton/servers';
import { z } from 'zod';
import { readEnvFile } from '../env-file.js';
import type { Environment } from '../environment.js';
import { homePaths } from '../up/home.js';
import { ownerOf } from '../up/home-owner.js';
import { usualServices } from '../up/services.js';
import { type Finding, fail, ok } from './finding.js';
import { CONNECT_TIMEOUT_MS, reasonOf } from './server-checks.js';

const Names = z.array(z.object({ name: z.string() }));

/** Under which names programs are connected to the database. */
async function namesInPostgres(url: string): Promise<readonly string[]> {
  const client = postgresClient(url, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {}); // The query that was under way rejects as well.
  try {
    await client.connect();
    const { rows } = await client.query(
      'select distinct application_name as name from pg_stat_activity where datname = current_database()',
    );
    return Names.parse(rows).map(({ name }) => name);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The queues that are listened to on Redis: BullMQ names its connections by them, in base64. */
async function queuesInRedis(url: string): Promise<readonly string[]> {
  const client = redisClient(url, { lazyConnect: true, commandTimeout: CONNECT_TIMEOUT_MS, retryStrategy: () => null });
  client.on('error', () => {}); // `connect` rejects as well.
  try {
    await client.connect();
    const lists = await Promise.all(serversOf(client).map((server) => server.call('client', 'list')));
    // In a cluster a queue's name stands in braces.
    return [...lists.join('\n').matchAll(/ name=[^ :]*:([A-Za-z0-9+/=]+)/g)].map(([, name = '']) =>
      Buffer.from(name, 'base64')
        .toString()
        .replace(/^\{(.*)\}$/, '$1'),
    );
  } finally {
    client.disconnect();
  }
}

/** A service at work has a connection of its own, and a worker listens to the queue of its kind. */
const isAtWork = (service: string, seen: readonly string[]): boolean =>
  [`baton-${service}`, `baton-queues-baton-${service}`, workerQueue(service)].some((name) => seen.includes(name));

/** Whether every service that the stack of this data directory keeps alive is connected to what it works with. */
export async function checkServices(env: Environment): Promise<Finding> {
  const check = 'services';
  const owner = ownerOf(env.home);
  if (owner === null) return ok(check, 'not running');
  const url =
    (env.DATABASE_URL && env.BATON_DATABASE_DIRECT_URL) ??
    env.DATABASE_URL ??
    (await readEnvFile(env.home)).DATABASE_URL;
  if (url === undefined) return ok(check, 'just being started');
  const expected = owner.services ?? usualServices({});
  try {
    const onRedis = env.REDIS_URL === undefined ? [] : await queuesInRedis(env.REDIS_URL);
    const seen = [...(await namesInPostgres(url)), ...onRedis];
    const missing = expected.filter((service) => !isAtWork(service, seen));
    if (missing.length === 0) return ok(check, `at work: ${expected.join(', ')}`);
    const logs = missing.map((service) => `${homePaths(env.home).logs}/${service}.log`).join(' and ');
    const next = `The supervisor starts them again; where it does not, ${logs} says why.`;
    return fail(check, `not at work: ${missing.join(', ')}`, next);
  } catch (thrown) {
    return fail(check, `cannot be seen (${reasonOf(thrown)})`, 'Mend what the other checks name first.');
  }
}
