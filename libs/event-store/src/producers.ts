import { randomBytes } from 'node:crypto';
import { type Actor, type Json, JsonObject, PRODUCER_GROUP, type ProducerName, producerLogin } from '@baton/contracts';
import { escapeIdentifier, escapeLiteral, type Pool, type PoolClient } from 'pg';
import { noteAccess } from './access-log.js';
import { inTransaction } from './in-transaction.js';
import { query } from './pool.js';
import { scramVerifier } from './scram-verifier.js';

export interface Producer {
  readonly name: ProducerName;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Of its password on Redis; null where its login is a role of Postgres. */
  readonly redisSha256: string | null;
  /** The public key, as a JWK, that its requests are signed with; null: they are not. */
  readonly publicKey: JsonObject | null;
}

/** Those that were not revoked, by name. */
export async function listProducers(pool: Pool): Promise<readonly Producer[]> {
  return (await query<Row>(pool, 'list-producers', `${SELECT} order by name`, [])).map(toProducer);
}

export async function findProducer(pool: Pool, name: ProducerName): Promise<Producer | null> {
  const [row] = await query<Row>(pool, 'find-producer', `${SELECT} and name = $1`, [name]);
  return row === undefined ? null : toProducer(row);
}

/** Whoever may make roles: they are the database's own people, and no caller of the API. */
const owner = (login: string): { readonly actor: Actor } => ({
  actor: { type: 'system', id: `database:${login}`.slice(0, 200) },
});

/**
 * Notes a producer and makes its login. What was of that name before is gone.
 *
 * @param pool of the owner of the database, who may make roles where one is needed
 * @param password of the role of Postgres; absent where the login is a user of Redis
 */
export async function createProducer(
  pool: Pool,
  made: Omit<Producer, 'createdAt'> & { readonly password?: string },
  by: string,
): Promise<void> {
  const { name, redisSha256, publicKey, password } = made;
  await inTransaction(pool, async (client) => {
    await client.query(
      `insert into baton.producer (name, redis_sha256, public_key) values ($1, $2, $3)
         on conflict (name) do update set created_at = clock_timestamp(), redis_sha256 = excluded.redis_sha256,
           public_key = excluded.public_key, revoked_at = null`,
      [name, redisSha256, publicKey === null ? null : JSON.stringify(publicKey)],
    );
    if (password !== undefined) await makeRole(client, name, password);
    const detail: Json = { queue: redisSha256 === null ? 'postgres' : 'redis', isSigned: publicKey !== null };
    await noteAccess(client, { ...owner(by), kind: 'producer-created', about: name, detail });
  });
}

async function makeRole(client: PoolClient, name: ProducerName, password: string): Promise<void> {
  const role = producerLogin(name);
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  const verifier = escapeLiteral(scramVerifier(password, randomBytes(16)));
  await client.query(
    `${rowCount === 0 ? 'create' : 'alter'} role ${escapeIdentifier(role)} login password ${verifier}`,
  );
  await client.query(`grant ${PRODUCER_GROUP} to ${escapeIdentifier(role)}`);
}

/** Makes the group whose rights `prepareQueues` sets, where it is not there. */
export async function provideProducerGroup(pool: Pool): Promise<void> {
  const { rowCount } = await pool.query('select from pg_roles where rolname = $1', [PRODUCER_GROUP]);
  if (rowCount === 0) await pool.query(`create role ${PRODUCER_GROUP} nologin`);
}

/** Takes the login away, and ends what it has open. False where there is no producer of that name. */
export async function revokeProducer(pool: Pool, name: ProducerName, by: string): Promise<boolean> {
  const role = producerLogin(name);
  const { rows: logins } = await pool.query<{ oid: number }>('select oid from pg_roles where rolname = $1', [role]);
  const isRevoked = await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'update baton.producer set revoked_at = clock_timestamp() where name = $1 and revoked_at is null',
      [name],
    );
    if (rowCount === 0) return false;
    if (logins.length > 0) await client.query(`drop role ${escapeIdentifier(role)}`);
    await noteAccess(client, { ...owner(by), kind: 'producer-revoked', about: name });
    return true;
  });
  // Who is logged in stays so, under a role that is no more.
  if (isRevoked)
    await pool.query('select pg_terminate_backend(pid) from pg_stat_activity where usesysid = any($1)', [
      logins.map(({ oid }) => oid),
    ]);
  return isRevoked;
}

const SELECT = `select name, created_at, redis_sha256, public_key::text as public_key from baton.producer
  where revoked_at is null`;

interface Row {
  readonly name: string;
  readonly created_at: Date;
  readonly redis_sha256: string | null;
  readonly public_key: string | null;
}

const toProducer = (row: Row): Producer => ({
  name: row.name,
  createdAt: row.created_at.toISOString(),
  redisSha256: row.redis_sha256,
  publicKey: row.public_key === null ? null : JsonObject.parse(JSON.parse(row.public_key)),
});
