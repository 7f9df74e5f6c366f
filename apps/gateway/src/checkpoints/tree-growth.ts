import { archivedTotals, readTile, storedHashes, type TileGrowth } from '@baton/event-store';
import { growTree, leafOf, TILE_NODES, type TileTree, tileTree } from '@baton/proof';
import type { Pool } from 'pg';
import { LogDiverges } from './log-diverges.js';

export const storedTree = (pool: Pool): TileTree => tileTree((level, index) => readTile(pool, level, index));

/** What is to be added to the stored tree so that it goes from one size to another, and its root then. */
export async function treeGrowth(
  pool: Pool,
  from: number,
  to: number,
): Promise<{ readonly growth: readonly TileGrowth[]; readonly root: Buffer }> {
  const added = new Map<string, { level: number; index: number; had: number; hashes: Buffer[] }>();
  const tree = growTree(
    (level, index, hash) => {
      if (level % 8 !== 0) return;
      const tile = Math.floor(index / TILE_NODES);
      const key = `${level}/${tile}`;
      const known = added.get(key) ?? { level: level / 8, index: tile, had: index % TILE_NODES, hashes: [] };
      known.hashes.push(hash);
      added.set(key, known);
    },
    { size: from, peaks: await storedTree(pool).peaks(from) },
  );
  for (const { position, hash } of await storedHashes(pool, { afterPosition: from, toPosition: to })) {
    if (position !== tree.size + 1) throw missing(tree.size + 1);
    tree.append(leafOf(position, hash));
  }
  if (tree.size !== to) throw missing(tree.size + 1);
  const growth = [...added.values()].map(({ hashes, ...rest }) => ({ ...rest, hashes: Buffer.concat(hashes) }));
  return { growth, root: tree.root() };
}

/**
 * Holds the end of the log against the end of the stored tree: where events were taken away, and others written in their
 * place, they differ there. The rest is for a verification.
 */
export async function checkTail(pool: Pool, size: number): Promise<void> {
  if (size === 0) return;
  const tree = storedTree(pool);
  const begin = Math.floor((size - 1) / TILE_NODES) * TILE_NODES;
  const hashes = await storedHashes(pool, { afterPosition: begin, toPosition: size });
  const events = new Map(hashes.map((event) => [event.position, event]));
  const archived = events.size === size - begin ? null : await archivedTotals(pool);
  for (let index = begin; index < size; index += 1) {
    const event = events.get(index + 1);
    if (event === undefined) {
      // That an archive has it is for a verification to find.
      if (archived !== null && index + 1 >= archived.firstPosition && index + 1 <= archived.lastPosition) continue;
      throw missing(index + 1);
    }
    if (leafOf(event.position, event.hash).equals(await tree.leaf(index))) continue;
    throw new LogDiverges(`The event at position ${event.position} is another one than when the tree was built.`);
  }
}

const missing = (position: number): LogDiverges => new LogDiverges(`Position ${position} of the log is missing.`);
