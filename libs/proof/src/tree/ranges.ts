import { parentOf } from './hashes.js';

/** Leaves from `from` up to, without, `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The largest power of two below `n`, which is at least 2. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** RFC 6962, section 2.1.1: whose hashes, in this order, prove that the leaf at `index` is in the tree of `size` leaves. */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  const path = (from: number, to: number): Range[] => {
    if (to - from === 1) return [];
    const middle = from + split(to - from);
    return index < middle ? [...path(from, middle), { from: middle, to }] : [...path(middle, to), { from, to: middle }];
  };
  return path(0, size);
}

/** RFC 6962, section 2.1.2: whose hashes prove that the tree of `size` leaves goes on from the one of `earlier` leaves. */
export function consistencyRanges(earlier: number, size: number): readonly Range[] {
  const path = (from: number, to: number, isWhole: boolean): Range[] => {
    if (earlier === to) return isWhole ? [] : [{ from, to }];
    const middle = from + split(to - from);
    return earlier <= middle
      ? [...path(from, middle, isWhole), { from: middle, to }]
      : [...path(middle, to, false), { from, to: middle }];
  };
  return earlier === 0 || earlier === size ? [] : path(0, size, true);
}

/** A node that stands over `2 ** level` leaves, from `index * 2 ** level`. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** The complete subtrees that a range of one of the lists above, or a whole tree, is made of; the largest first. */
export function subtreesOf({ from, to }: Range): readonly Subtree[] {
  const found: Subtree[] = [];
  for (let at = from; at < to; ) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1;
    found.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return found;
}

/** The hash over what such subtrees hold. */
export function joined(hashes: readonly Buffer[]): Buffer {
  return hashes.reduceRight((right, left) => parentOf(left, right));
}
