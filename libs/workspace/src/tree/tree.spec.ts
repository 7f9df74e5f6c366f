import { expect, test } from 'vitest';
import { memoryStore } from '../testing/memory-store.js';
import { treeWith } from '../testing/scratch.js';
import { diffTrees } from './diff-trees.js';
import { getTree, putTree, treeOf, versionOf, withFiles } from './tree.js';

test('a tree is known by the hash of its text, in whatever order its files come', async () => {
  const store = memoryStore();
  const tree = await treeWith(store, {
    'b.txt': 'b',
    'a/x': 'x',
    a0: '',
    'ä.txt': 'ä',
    '\u{1f600}': 'x',
    '\uffee': 'y',
  });
  expect(tree.map(({ path }) => path)).toEqual(['a/x', 'a0', 'b.txt', 'ä.txt', '\uffee', '\u{1f600}']);
  const version = await putTree(store, tree.toReversed().length === 0 ? [] : treeOf(tree.toReversed()));
  expect(version).toBe(versionOf(tree));
  expect(await getTree(store, version)).toEqual(tree);
});

test('an empty file needs no blob, and a tree may have no file', async () => {
  const store = memoryStore();
  await treeWith(store, { empty: '' });
  expect(store.puts()).toBe(0);
  expect(await getTree(store, await putTree(store, []))).toEqual([]);
});

test.each([
  ['is no JSON', 'hello'],
  ['is JSON of something else', '{"a":1}'],
  ['has a path that leads out', '[{"mode":"100644","path":"../a","sha256":"X","size":0}]'],
  ['has a link', '[{"mode":"120000","path":"a","sha256":"X","size":1}]'],
  [
    'is not sorted',
    '[{"mode":"100644","path":"b","sha256":"X","size":0},{"mode":"100644","path":"a","sha256":"X","size":0}]',
  ],
  ['is written in another way', '[ ]'],
])('a blob that %s is no tree', async (_, text) => {
  const store = memoryStore();
  const { sha256 } = await store.put(Buffer.from(text.replaceAll('X', 'a'.repeat(64))));
  await expect(getTree(store, sha256)).rejects.toMatchObject({ code: 'workspace-not-found' });
});

test('paths that cannot stand in one folder are refused', async () => {
  const [file] = await treeWith(memoryStore(), { a: '' });
  if (file === undefined) throw new Error('no file');
  expect(() => treeOf([file, { ...file, path: 'a/b' }])).toThrow('"a" cannot be a file, because "a/b" lies below it');
  expect(() => treeOf([file, { ...file, path: 'A' }])).toThrow('mean the same file');
  expect(() => withFiles([file], [{ ...file, path: 'a/b' }], ['a'])).not.toThrow();
});

test('a difference names what was added, removed, changed, and what may be run now', async () => {
  const store = memoryStore();
  const a = await treeWith(store, { same: 's', gone: 'g', text: '1', run: 'r' });
  const b = await treeWith(store, { same: 's', text: '2', run: { bytes: 'r', mode: '100755' }, added: 'n' });
  expect(diffTrees(a, b).map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'added added',
    'removed gone',
    'mode run',
    'changed text',
  ]);
  expect(diffTrees(a, a)).toEqual([]);
});
