import { Actor, Role } from '@baton/contracts';
import type { Pool } from 'pg';
import { database } from './database.js';
import type { Tables } from './tables.js';

/** A key of the API, without the key. */
export interface ApiKey {
  /** Of the actor of all that is done with it. */
  readonly name: string;
  readonly roles: readonly Role[];
}

export interface StoredApiKey extends ApiKey {
  /** RFC 3339. */
  readonly createdAt: string;
  readonly createdBy: Actor;
  readonly revokedAt: string | null;
}

/** False where a key with that name exists that was not revoked. `sha256` is that of the key. */
export async function storeApiKey(
  pool: Pool,
  { name, roles, sha256, createdBy }: ApiKey & { readonly sha256: Buffer; readonly createdBy: Actor },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows: inserted } = await database<Tables>(pool, 'store-api-key')
    .insertInto('api_key')
    .values({ name, roles: [...roles], sha256, created_by: JSON.stringify(createdBy) })
    .onConflict((conflict) => conflict.column('name').where('revoked_at', 'is', null).doNothing())
    .executeTakeFirstOrThrow();
  return inserted === 1n;
}

/** The key with this SHA-256; null where there is none, or it was revoked. */
export async function findApiKey(pool: Pool, sha256: Buffer): Promise<ApiKey | null> {
  const row = await database<Tables>(pool, 'find-api-key')
    .selectFrom('api_key')
    .select(['name', 'roles'])
    .where('sha256', '=', sha256)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : { name: row.name, roles: Roles.parse(row.roles) };
}

/** Oldest first, those that were revoked among them. */
export async function listApiKeys(pool: Pool): Promise<readonly StoredApiKey[]> {
  const rows = await database<Tables>(pool, 'list-api-keys')
    .selectFrom('api_key')
    .select(['name', 'roles', 'created_at', 'created_by', 'revoked_at'])
    .orderBy('created_at')
    .orderBy('key_id')
    .execute();
  return rows.map((row) => ({
    name: row.name,
    roles: Roles.parse(row.roles),
    createdAt: row.created_at.toISOString(),
    createdBy: Actor.parse(JSON.parse(row.created_by)),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }));
}

/** False where no key has that name, or it was revoked before. */
export async function revokeApiKey(pool: Pool, name: string): Promise<boolean> {
  const { numUpdatedRows } = await database<Tables>(pool, 'revoke-api-key')
    .updateTable('api_key')
    .set({ revoked_at: new Date() })
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

const Roles = Role.array();
