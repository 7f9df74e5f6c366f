import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { isConsistent, rootByInclusion } from './check-proofs.js';
import { growTree } from './growing-tree.js';
import { emptyRoot, leafOf, parentOf } from './hashes.js';
import { consistencyRanges, inclusionRanges, joined, type Range, subtreesOf } from './ranges.js';

const SIZE = 70;
const leaves = Array.from({ length: SIZE }, (_, n) => leafOf(n + 1, hash('sha256', `event ${n}`, 'buffer')));

/** RFC 6962, section 2.1, as it is written there. */
function rootOf(nodes: readonly Buffer[]): Buffer {
  const [first] = nodes;
  if (first === undefined) return emptyRoot();
  if (nodes.length === 1) return first;
  const k = 2 ** Math.ceil(Math.log2(nodes.length) - 1);
  return parentOf(rootOf(nodes.slice(0, k)), rootOf(nodes.slice(k)));
}

const grown = (size: number) => {
  const nodes = new Map<string, Buffer>();
  const tree = growTree((level, index, node) => void nodes.set(`${level}/${index}`, node));
  for (const leaf of leaves.slice(0, size)) tree.append(leaf);
  return { tree, nodes };
};

const { nodes } = grown(SIZE);
const nodesOf = (range: Range): Buffer[] =>
  subtreesOf(range).map(({ level, index }) => nodes.get(`${level}/${index}`) ?? Buffer.alloc(0));
const hashesOf = (ranges: readonly Range[]): Buffer[] => ranges.map((range) => joined(nodesOf(range)));

test('the root is that of RFC 6962, at every size and wherever the tree is taken up again', () => {
  for (let size = 0; size <= SIZE; size += 1) {
    expect(grown(size).tree.root()).toEqual(rootOf(leaves.slice(0, size)));
    const later = growTree(undefined, { size, peaks: nodesOf({ from: 0, to: size }) });
    for (const leaf of leaves.slice(size)) later.append(leaf);
    expect(later.root()).toEqual(rootOf(leaves));
  }
});

test('the examples of Certificate Transparency give the roots that all its logs give', () => {
  // The leaves of the reference implementation's tests: their hashes are leaves of RFC 6962 as they are.
  const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const tree = growTree();
  for (const hex of data) tree.append(hash('sha256', Buffer.from(`00${hex}`, 'hex'), 'buffer'));
  expect(tree.root().toString('hex')).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
});

test('every event is proven in every tree that holds it, and no other event in its place', () => {
  for (let size = 1; size <= SIZE; size += 1) {
    const root = rootOf(leaves.slice(0, size));
    for (let index = 0; index < size; index += 1) {
      const path = hashesOf(inclusionRanges(index, size));
      const leaf = leaves[index] ?? Buffer.alloc(0);
      expect(rootByInclusion(leaf, index, size, path)).toEqual(root);
      expect(rootByInclusion(leaves[(index + 1) % SIZE] ?? leaf, index, size, path)).not.toEqual(root);
      expect(rootByInclusion(leaf, index, size, [...path, root])).toBeNull();
      if (size > 1) expect(rootByInclusion(leaf, (index + 1) % size, size, path)).not.toEqual(root);
    }
  }
});

test('every tree is proven to go on from every smaller one, and from none that is different', () => {
  for (let size = 0; size <= SIZE; size += 1) {
    const later = { size, root: rootOf(leaves.slice(0, size)) };
    for (let before = 0; before <= size; before += 1) {
      const earlier = { size: before, root: rootOf(leaves.slice(0, before)) };
      const path = hashesOf(consistencyRanges(before, size));
      expect(isConsistent(earlier, later, path)).toBe(true);
      expect(isConsistent(earlier, later, [...path, later.root])).toBe(false);
      if (before === 0) continue;
      const forged = { size: before, root: hash('sha256', 'forged', 'buffer') };
      expect(isConsistent(forged, later, path)).toBe(false);
      if (before < size) expect(isConsistent(earlier, { ...later, root: forged.root }, path)).toBe(false);
    }
  }
});
