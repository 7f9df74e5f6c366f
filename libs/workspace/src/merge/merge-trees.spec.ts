import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../testing/memory-store.js';
import { treeWith } from '../testing/scratch.js';
import { getFile } from '../tree/blob-store.js';
import { type Tree, versionOf } from '../tree/tree.js';
import { mergeTrees } from './merge-trees.js';

type Files = Parameters<typeof treeWith>[1];

async function merged(base: Files, ours: Files, theirs: Files) {
  const store = memoryStore();
  const [b, o, t] = [await treeWith(store, base), await treeWith(store, ours), await treeWith(store, theirs)];
  const { tree, conflicts } = await mergeTrees(b, o, t, store);
  const files: Record<string, string> = {};
  for (const file of tree) files[file.path] = (await getFile(store, file)).toString();
  return { files, conflicts: conflicts.map(({ path, kind }) => `${kind} ${path}`), all: conflicts, tree };
}

describe('a merge of three trees', () => {
  test('takes what either side changed, by files and by lines', async () => {
    const { files, conflicts } = await merged(
      { both: '1\n2\n3\n4\n5\n', ours: 'a', theirs: 'a', gone: 'g', same: 's' },
      { both: 'one\n2\n3\n4\n5\n', ours: 'b', theirs: 'a', same: 's', added: 'o' },
      { both: '1\n2\n3\n4\nfive\n', ours: 'a', theirs: 'b', gone: 'g', same: 's', more: 't' },
    );
    expect(conflicts).toEqual([]);
    expect(files).toEqual({ added: 'o', both: 'one\n2\n3\n4\nfive\n', more: 't', ours: 'b', same: 's', theirs: 'b' });
  });

  test('gives a conflict back with all its sides, and leaves ours where it is', async () => {
    const { files, conflicts, all } = await merged({ f: '1\n' }, { f: 'ours\n' }, { f: 'theirs\n' });
    expect(conflicts).toEqual(['content f']);
    expect(files).toEqual({ f: 'ours\n' });
    expect([all[0]?.base, all[0]?.ours, all[0]?.theirs].map((side) => side?.size)).toEqual([2, 5, 7]);
  });

  test.each([
    ['both added it otherwise', {}, { f: 'a\n' }, { f: 'b\n' }, 'content f'],
    ['one changed what the other removed', { f: '1\n' }, { f: '2\n' }, {}, 'removed f'],
    ['one removed what the other changed', { f: '1\n' }, {}, { f: '2\n' }, 'removed f'],
    ['it is binary', { f: Buffer.from([0]) }, { f: Buffer.from([0, 1]) }, { f: Buffer.from([0, 2]) }, 'whole f'],
    [
      'it is a text whose comparison would not end',
      { f: 'x\n'.repeat(3000) },
      { f: 'x\n'.repeat(3001) },
      { f: 'x\n'.repeat(3002) },
      'whole f',
    ],
    ['a file of theirs lies where we have a folder', {}, { 'f/a': 'a' }, { f: 'x' }, 'place f'],
    ['a file of theirs lies below a file of ours', {}, { f: 'x' }, { 'f/a': 'a' }, 'place f/a'],
    ['names differ only in case', {}, { f: 'x' }, { F: 'y' }, 'place F'],
  ] satisfies readonly [string, Files, Files, Files, string][])(
    'conflicts where %s',
    async (_, base, ours, theirs, conflict) => {
      expect((await merged(base, ours, theirs)).conflicts).toEqual([conflict]);
    },
  );

  test('keeps a mode that one side changed and a text that the other changed', async () => {
    const { tree, conflicts } = await merged({ f: 'a\n' }, { f: { bytes: 'a\n', mode: '100755' } }, { f: 'b\n' });
    expect(conflicts).toEqual([]);
    expect(tree).toMatchObject([{ path: 'f', mode: '100755', size: 2 }]);
  });
});

const names = ['a', 'b', 'c/d', 'c/e'];
const text = fc.array(fc.constantFrom('1\n', '2\n', '3\n', 'end'), { maxLength: 6 }).map((lines) => lines.join(''));
const someFiles = fc.dictionary(fc.constantFrom(...names), text);

test('merging with a side that changed nothing gives the other side', async () => {
  await fc.assert(
    fc.asyncProperty(someFiles, someFiles, async (base, changed) => {
      const store = memoryStore();
      const [b, c] = [await treeWith(store, base), await treeWith(store, changed)];
      for (const [ours, theirs] of [
        [b, c],
        [c, b],
      ] satisfies [Tree, Tree][]) {
        const { tree, conflicts } = await mergeTrees(b, ours, theirs, store);
        expect([versionOf(tree), conflicts]).toEqual([versionOf(c), []]);
      }
    }),
  );
});

test('edits of different places commute', async () => {
  const lines = (change: ReadonlyMap<number, string>): string =>
    Array.from({ length: 40 }, (_, n) => `${change.get(n) ?? n}\n`).join('');
  const edits = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.tuple(fc.nat({ max: 8 }), fc.constantFrom('x', 'y')));
  await fc.assert(
    fc.asyncProperty(edits, edits, async (first, second) => {
      const store = memoryStore();
      const base = { a: lines(new Map()), b: lines(new Map()), c: lines(new Map()) };
      const edited = (edit: typeof first, from: number) =>
        Object.fromEntries(
          Object.entries(edit).map(([path, [at, word]]) => [path, lines(new Map([[from + at, word]]))]),
        );
      const b = await treeWith(store, base);
      const x = await treeWith(store, { ...base, ...edited(first, 0) });
      const y = await treeWith(store, { ...base, ...edited(second, 20) });
      const [xy, yx] = [await mergeTrees(b, x, y, store), await mergeTrees(b, y, x, store)];
      expect(xy.conflicts).toEqual([]);
      expect(versionOf(xy.tree)).toBe(versionOf(yx.tree));
    }),
  );
});
