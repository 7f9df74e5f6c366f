import { randomBytes } from 'node:crypto';
import { asUser, BatonError, JsonObject, ProducerName, producerLogin, toError } from '@baton/contracts';
import {
  createPool,
  createProducer,
  listProducers,
  type Producer,
  provideProducerGroup,
  revokeProducer,
} from '@baton/event-store';
import { prepareQueues, provideRedisProducers, redisPasswordSha256 } from '@baton/messaging';
import { exportJWK, generateKeyPair } from 'jose';
import type { Pool } from 'pg';
import { directUrlOf, readProducerEnv } from '../env.js';
import { queuesOf } from '../queues.js';

/** What is told of a producer that was made: the only time that its secrets are shown. */
interface MadeProducer {
  readonly name: string;
  readonly queue: 'redis' | 'postgres';
  /** How it connects, with its password. */
  readonly url: string;
  /** As a JWK; null where it does not sign. */
  readonly privateKey: JsonObject | null;
}

/**
 * `create NAME [sign]`, `list` or `revoke NAME`: under the rights of the owner of the database, who may make roles, and of
 * somebody who may make users of Redis, where the queues are there.
 *
 * @returns what is to be printed as JSON
 */
export async function producerCommand(args: readonly string[]): Promise<unknown> {
  const [what, name = '', ...options] = args;
  const env = readProducerEnv();
  const pool = createPool(directUrlOf(env), { role: 'owner', applicationName: 'baton-producers', max: 2 });
  try {
    if (what === 'list') return { producers: (await listProducers(pool)).map(shown) };
    const read = ProducerName.safeParse(name);
    if (!read.success) throw wrongName(name, read.error.issues[0]?.message ?? 'is wrong');
    if (what === 'create') return await create(pool, env, read.data, options.includes('sign'));
    if (what === 'revoke') return await revoke(pool, env, read.data);
    throw new BatonError(`There is nothing like producer ${what}.`, { code: 'usage', next: 'create, list or revoke.' });
  } catch (thrown) {
    throw isForbidden(thrown) ? forbidden(thrown) : thrown;
  } finally {
    await pool.end();
  }
}

type Env = ReturnType<typeof readProducerEnv>;

const shown = ({ name, createdAt, redisSha256, publicKey }: Producer) => ({
  name,
  createdAt,
  queue: redisSha256 === null ? 'postgres' : 'redis',
  isSigned: publicKey !== null,
});

async function create(pool: Pool, env: Env, name: ProducerName, isSigned: boolean): Promise<MadeProducer> {
  const password = randomBytes(24).toString('base64url');
  const pair = isSigned ? await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true }) : null;
  const publicKey = pair === null ? null : JsonObject.parse(await exportJWK(pair.publicKey));
  const privateKey = pair === null ? null : JsonObject.parse(await exportJWK(pair.privateKey));
  const made = { name, publicKey };
  if (env.REDIS_URL === undefined) {
    await provideProducerGroup(pool);
    await prepareQueues(queuesOf(env));
    await createProducer(pool, { ...made, redisSha256: null, password }, env.BATON_PRODUCER_BY);
  } else {
    await createProducer(pool, { ...made, redisSha256: redisPasswordSha256(password) }, env.BATON_PRODUCER_BY);
    await provideOnRedis(pool, env.REDIS_URL);
  }
  const url = asUser(env.REDIS_URL ?? directUrlOf(env), producerLogin(name), password);
  return { name, queue: env.REDIS_URL === undefined ? 'postgres' : 'redis', url, privateKey };
}

async function revoke(pool: Pool, env: Env, name: ProducerName): Promise<unknown> {
  if (!(await revokeProducer(pool, name, env.BATON_PRODUCER_BY))) {
    throw new BatonError(`There is no producer ${name}.`, {
      code: 'producer-not-found',
      next: '`baton auth producer list` lists them.',
    });
  }
  if (env.REDIS_URL !== undefined) await provideOnRedis(pool, env.REDIS_URL);
  return { name };
}

/** The users of Redis are those that the table has. */
async function provideOnRedis(pool: Pool, url: string): Promise<void> {
  await provideRedisProducers(url, await redisProducers(pool));
}

/** Those whose login is a user of Redis. */
export const redisProducers = async (pool: Pool) =>
  (await listProducers(pool)).flatMap(({ name, redisSha256 }) =>
    redisSha256 === null ? [] : [{ name, sha256: redisSha256 }],
  );

const wrongName = (name: string, problem: string): BatonError =>
  new BatonError(`${JSON.stringify(name.slice(0, 60))} cannot be the name of a producer: it ${problem}.`, {
    code: 'usage',
    next: 'Give a name such as shop or order-desk.',
  });

const isForbidden = (thrown: unknown): boolean => /^(42501|permission denied|NOPERM)/.test(codeOf(toError(thrown)));
const codeOf = (error: Error): string => ('code' in error ? String(error.code) : error.message);

const forbidden = (cause: unknown): BatonError =>
  new BatonError(`A producer cannot be made or taken away here: ${toError(cause).message}.`, {
    code: 'database-forbidden',
    next: 'Set DATABASE_URL to the database of Baton as its owner, who may make roles, and REDIS_URL as a user who may use ACL.',
    cause,
  });
