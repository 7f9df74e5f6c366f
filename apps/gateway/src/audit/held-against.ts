import { type LogRow, logRows, readTile } from '@baton/event-store';
import { type GrowingTree, growTree, HASH_BYTES, leafOf, TILE_NODES } from '@baton/proof';
import type { Pool } from 'pg';
import { storedTree } from '../checkpoints/tree-growth.js';
import type { Witness } from './published-checkpoints.js';

/** The tree of the log, computed anew, and what it has come to. */
export interface HeldTree {
  readonly tree: GrowingTree;
  /** Events that have been found to be those that were signed. */
  readonly sound: number;
  /** Adds events in their order. @returns what is wrong, as soon as a checkpoint does not fit */
  add(events: readonly LogRow[]): Promise<string | null>;
  /** Goes on over positions whose events are in archives: by the stored tree, which is held against what was signed like the rest. */
  pass(from: number, to: number): Promise<string | null>;
  /** What is wrong where the log ends: checkpoints of more events than there are. */
  end(): string | null;
}

/** @param witnesses in the order of their sizes */
export function holdAgainst(pool: Pool, witnesses: readonly Witness[]): HeldTree {
  const tree = growTree();
  let next = 0;
  let sound = 0;
  let leaves: { readonly tile: number; readonly hashes: Buffer | null } | null = null;
  const check = async (): Promise<string | null> => {
    for (let witness = witnesses[next]; witness?.size === tree.size; witness = witnesses[next]) {
      if (!tree.root().equals(witness.root)) return differs(pool, sound, witness);
      next += 1;
      sound = tree.size;
    }
    return null;
  };
  return {
    tree,
    get sound() {
      return sound;
    },
    add: async (events) => {
      for (const { position, hash } of events) {
        tree.append(leafOf(position, hash));
        const problem = tree.size === witnesses[next]?.size ? await check() : null;
        if (problem !== null) return problem;
      }
      return null;
    },
    pass: async (from, to) => {
      for (let position = from; position <= to; position += 1) {
        const index = position - 1;
        if (leaves === null || leaves.tile !== Math.floor(index / TILE_NODES)) {
          const tile = Math.floor(index / TILE_NODES);
          leaves = { tile, hashes: await readTile(pool, 0, tile) };
        }
        const at = (index % TILE_NODES) * HASH_BYTES;
        const leaf = leaves.hashes?.subarray(at, at + HASH_BYTES);
        if (leaf === undefined || leaf.length < HASH_BYTES)
          return `position ${position} is missing, and the stored tree has no leaf for it`;
        tree.append(leaf);
        const problem = tree.size === witnesses[next]?.size ? await check() : null;
        if (problem !== null) return problem;
      }
      return null;
    },
    end: () => {
      const lost = witnesses.at(-1);
      if (lost === undefined || lost.size <= tree.size) return null;
      return `position ${tree.size + 1} is missing: the checkpoint ${lost.name} was signed over ${lost.size} events, and the log has ${tree.size}`;
    },
  };
}

/**
 * Which event it is: the stored tree has the leaf of each, unless that was changed as well. Then it is known only between which
 * checkpoints it lies.
 */
async function differs(pool: Pool, sound: number, { size, name }: Witness): Promise<string> {
  const tree = storedTree(pool);
  for await (const page of logRows(pool, { afterPosition: sound, toPosition: size })) {
    for (const { position, hash, runId, version } of page) {
      const leaf = await tree.leaf(position - 1).catch(() => null);
      if (leaf === null || leaf.equals(leafOf(position, hash))) continue;
      return `the event at position ${position} (run ${runId}, version ${version}) is not what was signed: it was replaced, with a hash that fits; the checkpoint ${name} says so`;
    }
  }
  return `an event between position ${sound + 1} and position ${size} is not what was signed: the checkpoint ${name} has another root`;
}
