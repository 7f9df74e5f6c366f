import { emptyRoot, HASH_BYTES } from './hashes.js';
import { consistencyRanges, inclusionRanges, joined, type Range, type Subtree, subtreesOf } from './ranges.js';

/** Levels of the tree between one level of tiles and the next, and the nodes that a tile holds at most. */
const TILE_LEVELS = 8;
export const TILE_NODES = 2 ** TILE_LEVELS;

/** Hashes of up to 256 neighbours of level `8 * level` of the tree, one behind the other. */
export type LoadTile = (level: number, index: number) => Promise<Uint8Array | null>;

/** What is computed of a tree that is kept in tiles. All of it throws where a tile is not there or too short. */
export interface TileTree {
  root(size: number): Promise<Buffer>;
  /** The complete subtrees that the tree of this size is made of, the largest first. */
  peaks(size: number): Promise<readonly Buffer[]>;
  inclusion(index: number, size: number): Promise<readonly Buffer[]>;
  consistency(earlier: number, size: number): Promise<readonly Buffer[]>;
  leaf(index: number): Promise<Buffer>;
}

/** Tiles are loaded once: made for one answer, not to be kept. */
export function tileTree(load: LoadTile): TileTree {
  const loaded = new Map<string, Promise<Uint8Array | null>>();
  const tile = (level: number, index: number): Promise<Uint8Array | null> => {
    const key = `${level}/${index}`;
    const known = loaded.get(key) ?? load(level, index);
    loaded.set(key, known);
    return known;
  };
  const node = async ({ level, index }: Subtree): Promise<Buffer> => {
    const tileLevel = Math.floor(level / TILE_LEVELS);
    const nodes = 2 ** (level % TILE_LEVELS);
    const first = index * nodes;
    const bytes = await tile(tileLevel, Math.floor(first / TILE_NODES));
    const hashes = Array.from({ length: nodes }, (_, n) => {
      const at = ((first % TILE_NODES) + n) * HASH_BYTES;
      if (bytes === null || bytes.length < at + HASH_BYTES) {
        throw new Error(`the stored tree has no node ${first + n} of level ${tileLevel * TILE_LEVELS}`);
      }
      return Buffer.from(bytes.subarray(at, at + HASH_BYTES));
    });
    return perfect(hashes);
  };
  const nodes = (range: Range): Promise<Buffer[]> => Promise.all(subtreesOf(range).map(node));
  const hashes = (ranges: readonly Range[]): Promise<Buffer[]> =>
    Promise.all(ranges.map(async (range) => joined(await nodes(range))));
  return {
    root: async (size) => (size === 0 ? emptyRoot() : joined(await nodes({ from: 0, to: size }))),
    peaks: (size) => nodes({ from: 0, to: size }),
    inclusion: (index, size) => hashes(inclusionRanges(index, size)),
    consistency: (earlier, size) => hashes(consistencyRanges(earlier, size)),
    leaf: (index) => node({ level: 0, index }),
  };
}

/** The node over so many neighbours as a power of two. */
function perfect(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 1) return joined(hashes);
  const half = hashes.length / 2;
  return joined([perfect(hashes.slice(0, half)), perfect(hashes.slice(half))]);
}
