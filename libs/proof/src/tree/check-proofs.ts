import { parentOf } from './hashes.js';
import { consistencyRanges, inclusionRanges } from './ranges.js';

/** What a leaf and its path say that the root is; null where the path has not the length that it must have. */
export function rootByInclusion(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | null {
  if (index < 0 || index >= size) return null;
  const ranges = inclusionRanges(index, size);
  if (ranges.length !== path.length) return null;
  return ranges.reduce((node, { from }, n) => {
    const other = path[n] ?? Buffer.alloc(0);
    return from > index ? parentOf(node, other) : parentOf(other, node);
  }, leaf);
}

/** Whether the tree of `size` leaves with one root goes on from the tree of `earlier` leaves with the other. */
export function isConsistent(
  earlier: { readonly size: number; readonly root: Buffer },
  later: { readonly size: number; readonly root: Buffer },
  path: readonly Buffer[],
): boolean {
  if (earlier.size > later.size) return false;
  if (earlier.size === later.size) return path.length === 0 && earlier.root.equals(later.root);
  if (earlier.size === 0) return path.length === 0;
  const ranges = consistencyRanges(earlier.size, later.size);
  if (ranges.length !== path.length) return false;
  // Where the earlier tree is one complete subtree, the path begins above it, with its root left out.
  const isWhole = Number.isInteger(Math.log2(earlier.size));
  const begin = isWhole ? earlier.root : path[0];
  if (begin === undefined) return false;
  let [old, now] = [begin, begin];
  for (let n = isWhole ? 0 : 1; n < ranges.length; n += 1) {
    const [range, other] = [ranges[n], path[n]];
    if (range === undefined || other === undefined) return false;
    if (range.from >= earlier.size) now = parentOf(now, other);
    else [old, now] = [parentOf(other, old), parentOf(other, now)];
  }
  return old.equals(earlier.root) && now.equals(later.root);
}
