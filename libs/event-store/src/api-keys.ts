import { AccessScope, Actor, type Json, personOf, Role } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import { type AccessNote, noteAccess } from './access-log.js';
import { inTransaction } from './in-transaction.js';
import { query } from './pool.js';

/** A key of the API, without the key. */
export interface ApiKey {
  /** Of the actor of all that is done with it. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Which runs it is for; null: all. */
  readonly scope: AccessScope | null;
  /** Whose it is, as `user:ada`; null: it is somebody of its own. */
  readonly person: string | null;
}

/** What is kept of a key, and by what it is found. */
export interface KeyMark {
  readonly publicId: string;
  /** Of the whole key. */
  readonly sha256: Buffer;
}

/** Times are in RFC 3339. */
export interface StoredApiKey extends ApiKey {
  readonly keyId: string;
  readonly createdAt: string;
  readonly createdBy: Actor;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly replacedAt: string | null;
  readonly revokedAt: string | null;
  /** By the clock of the database. */
  readonly isExpired: boolean;
}

/** Who does something to keys, and from where: noted in the same transaction. */
export type KeyChange = Pick<AccessNote, 'address'> & { readonly by: Actor };

/** When it expires; null where a key with that name exists that was not revoked. */
export async function storeApiKey(
  connection: Pool | PoolClient,
  key: ApiKey & KeyMark & { readonly expiresInSeconds: number | null },
  { by, address }: KeyChange,
): Promise<{ readonly expiresAt: string | null } | null> {
  const { name, roles, scope, person, publicId, sha256, expiresInSeconds } = key;
  return inTransaction(connection, async (client) => {
    const {
      rows: [row],
    } = await client.query<{ expires_at: Date | null }>(
      `insert into baton.api_key (name, roles, scope, person, public_id, sha256, created_by, lifetime_seconds, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8::int, clock_timestamp() + make_interval(secs => $8::int))
     on conflict (name) where revoked_at is null and replaced_at is null do nothing
     returning expires_at`,
      [
        name,
        [...roles],
        scope === null ? null : JSON.stringify(scope),
        person,
        publicId,
        sha256,
        JSON.stringify(by),
        expiresInSeconds,
      ],
    );
    if (row === undefined) return null;
    const expiresAt = row.expires_at?.toISOString() ?? null;
    const detail = { roles: [...roles], scope, person, publicId, expiresAt };
    await noteAccess(client, { kind: 'key-created', actor: by, address, about: name, detail: asJson(detail) });
    return { expiresAt };
  });
}

/** Without what is not there. */
const asJson = (value: object): Json => JSON.parse(JSON.stringify(value));

export interface RotatedApiKey extends ApiKey {
  readonly expiresAt: string | null;
  readonly previousUntil: string;
}

/**
 * Gives a name another key, with the same roles, scope and owner; the one of before goes on for the overlap, and no longer
 * than it would have.
 *
 * @returns null where no key has that name, or it was revoked
 */
export async function rotateApiKey(
  connection: Pool | PoolClient,
  {
    name,
    publicId,
    sha256,
    overlapSeconds,
    expiresInSeconds,
  }: KeyMark & {
    readonly name: string;
    readonly overlapSeconds: number;
    /** Null: as long as the one of before. */
    readonly expiresInSeconds: number | null;
  },
  { by, address }: KeyChange,
): Promise<RotatedApiKey | null> {
  return inTransaction(connection, async (client) => {
    const { rows: before } = await client.query<{ key_id: string; until: Date }>(
      `update baton.api_key
          set replaced_at = clock_timestamp(),
              expires_at = least(expires_at, clock_timestamp() + make_interval(secs => $2::int))
        where name = $1 and revoked_at is null and replaced_at is null
       returning key_id, expires_at as until`,
      [name, overlapSeconds],
    );
    const [previous] = before;
    if (previous === undefined) return null;
    const { rows } = await client.query<{
      roles: unknown;
      scope: string | null;
      person: string | null;
      at: Date | null;
    }>(
      `insert into baton.api_key (name, roles, scope, person, public_id, sha256, created_by, lifetime_seconds, expires_at)
       select name, roles, scope, person, $2, $3, $4, coalesce($5::int, lifetime_seconds),
              clock_timestamp() + make_interval(secs => coalesce($5::int, lifetime_seconds))
         from baton.api_key where key_id = $1
       returning roles, scope, person, expires_at as at`,
      [previous.key_id, publicId, sha256, JSON.stringify(by), expiresInSeconds],
    );
    const [made] = rows;
    if (made === undefined) throw new Error(`the key ${name} was replaced by none`);
    const times = { expiresAt: made.at?.toISOString() ?? null, previousUntil: previous.until.toISOString() };
    await noteAccess(client, { kind: 'key-rotated', actor: by, address, about: name, detail: { publicId, ...times } });
    return { name, ...whatItMay(made), ...times };
  });
}

/** Whose key it is, with what is needed to tell whether the key that was sent is this one. */
export interface FoundApiKey extends ApiKey {
  readonly keyId: string;
  readonly sha256: Buffer;
  readonly expiresAt: string | null;
  /** Who has seen it beside its owner: whoever made it. */
  readonly knownTo: readonly string[];
  /** A key that is over is told apart from one that never was, to whoever has it. */
  readonly status: 'active' | 'replaced' | 'expired' | 'revoked';
}

/** The key with this mark; one of before has no id, and is found by its hash alone. */
export const findApiKey = (pool: Pool, mark: KeyMark | { readonly sha256: Buffer }): Promise<FoundApiKey | null> =>
  'publicId' in mark
    ? findKey(pool, 'find-api-key', 'public_id = $1', mark.publicId)
    : findKey(pool, 'find-old-api-key', 'public_id is null and sha256 = $1', mark.sha256);

/** The key that somebody has shown before. */
export const findApiKeyById = (pool: Pool, keyId: string): Promise<FoundApiKey | null> =>
  findKey(pool, 'find-api-key-by-id', 'key_id = $1', keyId);

/** The key that has a name now: the newest of those that it was given since that time; null where it was taken from one meanwhile. */
export const findApiKeyByName = (pool: Pool, name: string, since: string): Promise<FoundApiKey | null> =>
  findKey(
    pool,
    'find-api-key-by-name',
    `name = $1 and revoked_at is null and replaced_at is null
       and not exists (select from baton.api_key r where r.name = $1 and r.revoked_at >= $2)`,
    name,
    since,
  );

async function findKey(
  pool: Pool,
  name: string,
  where: string,
  ...values: readonly unknown[]
): Promise<FoundApiKey | null> {
  const [row] = await query<KeyRow>(pool, name, `select ${COLUMNS}, sha256 from baton.api_key where ${where}`, [
    ...values,
  ]);
  if (row === undefined) return null;
  const key = toKey(row);
  return { ...key, sha256: row.sha256, knownTo: knownTo(key), status: statusOf(key) };
}

/** Nobody in particular: whoever holds the token of the stack may make anybody's keys. */
export const LOCAL_ADMIN = 'local-admin';
const isNobody = ({ type, id }: Actor): boolean => type === 'apikey' && id === LOCAL_ADMIN;

/** Whoever made a key has seen it, and so has whoever could have been that. */
function knownTo({ name, person, createdBy }: StoredApiKey): readonly string[] {
  const owner: Actor = { type: 'apikey', id: name, ...(person === null ? {} : { person }) };
  if (isNobody(createdBy)) return [];
  const makers = [personOf(createdBy), ...(createdBy.knownTo ?? [])];
  return [...new Set(makers)].filter((maker) => maker !== personOf(owner)).slice(0, 10);
}

/** Whose a key is that somebody makes and says nothing of: theirs. */
export const ownerOfNewKey = (maker: Actor): string | null => (isNobody(maker) ? null : personOf(maker));

export const statusOf = ({ revokedAt, replacedAt, isExpired }: StoredApiKey): FoundApiKey['status'] => {
  if (revokedAt !== null) return 'revoked';
  if (isExpired) return 'expired';
  return replacedAt === null ? 'active' : 'replaced';
};

/** Oldest first, those that are over among them. */
export async function listApiKeys(pool: Pool): Promise<readonly StoredApiKey[]> {
  const rows = await query<KeyRow>(
    pool,
    'list-api-keys',
    `select ${COLUMNS} from baton.api_key order by created_at, key_id`,
    [],
  );
  return rows.map(toKey);
}

/** All keys of the name, those that were replaced and still go on among them. False where none was left to revoke. */
export async function revokeApiKey(pool: Pool, name: string, { by, address }: KeyChange): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'update baton.api_key set revoked_at = clock_timestamp() where name = $1 and revoked_at is null',
      [name],
    );
    if ((rowCount ?? 0) === 0) return false;
    await noteAccess(client, { kind: 'key-revoked', actor: by, address, about: name });
    return true;
  });
}

/**
 * Whether a key that somebody has shown was not revoked meanwhile. It is held until the transaction ends: who revokes it waits, and what
 * is stored there in its name is older than the revocation.
 */
export async function holdApiKey(client: PoolClient, keyId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from baton.api_key where key_id = $1 and revoked_at is null for share',
    [keyId],
  );
  return rowCount === 1;
}

/** Of these keys those that are over. */
export async function endedApiKeys(pool: Pool, keyIds: readonly string[]): Promise<readonly string[]> {
  const rows = await query<{ key_id: string }>(
    pool,
    'ended-api-keys',
    `select key_id from baton.api_key
      where key_id = any($1) and (revoked_at is not null or expires_at <= clock_timestamp())`,
    [keyIds],
  );
  return rows.map(({ key_id }) => key_id);
}

/** Notes when keys were used last, by how long ago that was. */
export async function noteKeysUsed(
  pool: Pool,
  used: readonly { readonly keyId: string; readonly agoMs: number }[],
): Promise<void> {
  await query(
    pool,
    'note-keys-used',
    `update baton.api_key k
        set last_used_at = greatest(k.last_used_at, date_trunc('minute', clock_timestamp() - make_interval(secs => u.ago_s)))
       from unnest($1::uuid[], $2::float8[]) as u(key_id, ago_s) where k.key_id = u.key_id`,
    [used.map(({ keyId }) => keyId), used.map(({ agoMs }) => agoMs / 1000)],
  );
}

const COLUMNS = `key_id, name, roles, scope, person, created_at, created_by, expires_at, last_used_at, replaced_at, revoked_at,
  coalesce(expires_at <= clock_timestamp(), false) as is_expired`;

interface KeyRow {
  readonly key_id: string;
  readonly name: string;
  readonly roles: unknown;
  readonly scope: string | null;
  readonly person: string | null;
  readonly sha256: Buffer;
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly replaced_at: Date | null;
  readonly revoked_at: Date | null;
  readonly is_expired: boolean;
}

const toKey = (row: KeyRow): StoredApiKey => ({
  keyId: row.key_id,
  name: row.name,
  ...whatItMay(row),
  createdAt: row.created_at.toISOString(),
  createdBy: Actor.parse(JSON.parse(row.created_by)),
  expiresAt: row.expires_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  replacedAt: row.replaced_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
  isExpired: row.is_expired,
});

const Roles = Role.array();
const whatItMay = ({ roles, scope, person }: Pick<KeyRow, 'roles' | 'scope' | 'person'>) => ({
  roles: Roles.parse(roles),
  scope: scope === null ? null : AccessScope.parse(JSON.parse(scope)),
  person,
});
