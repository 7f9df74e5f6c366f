import { emptyRoot, parentOf } from './hashes.js';

/** A tree that leaves are added to at its right end: it holds one hash for each bit of its size, however large it is. */
export interface GrowingTree {
  readonly size: number;
  append(leaf: Buffer): void;
  /** RFC 6962's Merkle tree hash of all leaves so far. */
  root(): Buffer;
}

/**
 * @param onNode sees each node as soon as it is complete, leaves included: level 0 are leaves, and the node `index` of a level
 *   stands over the leaves from `index * 2 ** level`
 * @param begun its size so far, and the complete subtrees that it is made of, the largest first
 */
export function growTree(
  onNode: (level: number, index: number, hash: Buffer) => void = () => {},
  begun: { readonly size: number; readonly peaks: readonly Buffer[] } = { size: 0, peaks: [] },
): GrowingTree {
  const peaks = [...begun.peaks];
  let size = begun.size;
  return {
    get size() {
      return size;
    },
    append: (leaf) => {
      let node = leaf;
      let level = 0;
      let index = size;
      onNode(level, index, node);
      for (; index % 2 === 1; index = (index - 1) / 2) {
        const left = peaks.pop();
        if (left === undefined) throw new Error(`a tree of ${size} leaves needs more peaks than it was given`);
        node = parentOf(left, node);
        level += 1;
        onNode(level, (index - 1) / 2, node);
      }
      peaks.push(node);
      size += 1;
    },
    root: () => (peaks.length === 0 ? emptyRoot() : peaks.reduceRight((right, left) => parentOf(left, right))),
  };
}
