import { TILE_NODES } from '@baton/proof';
import type { Pool } from 'pg';
import { database } from './database.js';
import { asDatabaseError } from './database-errors.js';
import { holdLock } from './hold-lock.js';
import { one, query } from './pool.js';
import type { Tables } from './tables.js';

/** What the log is called in its checkpoints: an id that its database was given when it was made. */
export async function logName(pool: Pool): Promise<string> {
  const rows = await database<Tables>(pool, 'log-name').selectFrom('log_name').select('id').execute();
  return one(rows, 'the name of the log').id;
}

/** A tile of the stored tree; null where there is none. */
export async function readTile(pool: Pool, level: number, index: number): Promise<Buffer | null> {
  const rows = await query<{ hashes: Buffer }>(
    pool,
    'read-tile',
    'select hashes from baton.tree_tile where level = $1 and index = $2',
    [level, index],
  );
  return rows[0]?.hashes ?? null;
}

/** How many leaves the stored tree has. */
export async function treeSize(pool: Pool): Promise<number> {
  const rows = await query<{ index: number; leaves: number }>(
    pool,
    'tree-size',
    'select index, octet_length(hashes) / 32 as leaves from baton.tree_tile where level = 0 order by index desc limit 1',
  );
  const [last] = rows;
  return last === undefined ? 0 : last.index * TILE_NODES + last.leaves;
}

/** Hashes to be added to a tile that has `had` of them. */
export interface TileGrowth {
  readonly level: number;
  readonly index: number;
  readonly had: number;
  readonly hashes: Buffer;
}

/**
 * Adds to the stored tree, and a checkpoint of it where one is given, in one transaction.
 *
 * @returns false when somebody else has done so meanwhile: then nothing was written
 */
export async function extendTree(
  pool: Pool,
  growth: readonly TileGrowth[],
  checkpoint: { readonly size: number; readonly note: string } | null,
): Promise<boolean> {
  try {
    await pool.query({
      name: 'extend-tree',
      text: 'select baton.extend_tree($1, $2, $3, $4, $5, $6)',
      values: [
        growth.map(({ level }) => level),
        growth.map(({ index }) => index),
        growth.map(({ had }) => had),
        growth.map(({ hashes }) => hashes),
        checkpoint?.size ?? null,
        checkpoint?.note ?? null,
      ],
    });
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === '40001') return false;
    throw asDatabaseError(thrown, pool);
  }
}

/** A checkpoint that was made here: its note, as it was or will be published. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly note: string;
  readonly at: string;
}

/** Checkpoints that were made, the oldest first, from a size on. */
export async function checkpointsFrom(pool: Pool, size: number, limit: number): Promise<readonly StoredCheckpoint[]> {
  const rows = await database<Tables>(pool, 'checkpoints-from')
    .selectFrom('checkpoint')
    .select(['size', 'note', 'at'])
    .where('size', '>=', size)
    .orderBy('size')
    .limit(limit)
    .execute();
  return rows.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() }));
}

/** The newest checkpoints that were made below a size, at most so many, the oldest of them first. */
export async function checkpointsBefore(pool: Pool, size: number, most: number): Promise<readonly StoredCheckpoint[]> {
  const rows = await database<Tables>(pool, 'checkpoints-before')
    .selectFrom('checkpoint')
    .select(['size', 'note', 'at'])
    .where('size', '<', size)
    .orderBy('size', 'desc')
    .limit(most)
    .execute();
  return rows.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() })).reverse();
}

/** The newest checkpoint that was made; null where none was. */
export async function newestCheckpoint(pool: Pool): Promise<StoredCheckpoint | null> {
  const row = await database<Tables>(pool, 'newest-checkpoint')
    .selectFrom('checkpoint')
    .select(['size', 'note', 'at'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { ...row, at: row.at.toISOString() };
}

/** Hashes of events as they stand beside them, in the order of the log: for the tree, which a verification computes anew. */
export async function storedHashes(
  pool: Pool,
  { afterPosition, toPosition }: { readonly afterPosition: number; readonly toPosition: number },
): Promise<readonly { readonly position: number; readonly hash: Buffer }[]> {
  return query<{ position: number; hash: Buffer }>(
    pool,
    'stored-hashes',
    'select position, leaf_hash as hash from baton.event where position > $1 and position <= $2 order by position',
    [afterPosition, toPosition],
  );
}

/**
 * Runs work that only one process may do at a time; null when another is at it. The lock is that of a transaction in which
 * nothing else is done: one of a session would not be ours where a pooler stands before the server.
 */
export async function asOnlyOne<T>(pool: Pool, work: string, run: () => Promise<T>): Promise<T | null> {
  const held = await holdLock(pool, async (client) => {
    const sql = 'select pg_try_advisory_xact_lock(hashtext($1)) as ok';
    const [locked] = await query<{ ok: boolean }>(client, 'lock-work', sql, [`baton:${work}`]);
    return locked?.ok === true;
  });
  if (held === null) return null;
  try {
    return await run();
  } finally {
    await held();
  }
}
