import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { memoryStore } from '../testing/memory-store.js';
import { hashOfFolder, scratch, treeWith } from '../testing/scratch.js';
import { treeOf, versionOf } from '../tree/tree.js';
import { materialise } from './materialise.js';
import { readBack } from './read-back.js';

const FILES = {
  '.gitignore': 'out/\n*.tmp\n',
  'README.md': '# A\n',
  'bin/run': { bytes: '#!/bin/sh\n', mode: '100755' as const },
  'src/a.ts': 'a\n',
  'src/kept.tmp': 'tracked\n',
  empty: '',
};

async function written() {
  const store = memoryStore();
  const place = await scratch(onTestFinished);
  const base = await treeWith(store, FILES);
  const stamps = await materialise(base, place.at('work'), store);
  return { ...place, store, base, stamps, folder: place.at('work') };
}

test('a tree that was written is read back as it was, with stamps and without', async () => {
  const { folder, store, base, stamps } = await written();
  const puts = store.puts();
  expect(versionOf((await readBack(folder, base, { store, stamps })).tree)).toBe(versionOf(base));
  expect(store.puts()).toBe(puts);
  expect(versionOf((await readBack(folder, base, { store })).tree)).toBe(versionOf(base));
});

test('what was changed, added and removed is found, and what the tree ignores is not', async () => {
  const { folder, write, store, base, stamps } = await written();
  await write('work/src/b.ts', 'b\n');
  await write('work/README.md', '# B\n');
  await write('work/src/kept.tmp', 'changed\n');
  await write('work/src/other.tmp', 'x');
  await write('work/out/bundle.js', 'x');
  await write('work/node_modules/p/index.js', 'x');
  await write('work/.git/config', 'x');
  await rm(`${folder}/src/a.ts`);
  const { tree, leftOut } = await readBack(folder, base, { store, stamps });
  const expected = await treeWith(store, {
    ...{ '.gitignore': FILES['.gitignore'], 'bin/run': FILES['bin/run'], empty: '' },
    ...{ 'README.md': '# B\n', 'src/kept.tmp': 'changed\n', 'src/b.ts': 'b\n' },
  });
  expect(versionOf(tree)).toBe(versionOf(expected));
  expect(leftOut).toEqual([]);
});

test('a new folder that a tool marks as its cache is no work, and one of the base or without the mark is', async () => {
  const store = memoryStore();
  const { at, write } = await scratch(onTestFinished);
  const tag = 'Signature: 8a477f597d28d172789f06886806bc55\n# By a tool.\n';
  const base = await treeWith(store, { 'kept/CACHEDIR.TAG': tag, 'a.py': 'a\n' });
  await materialise(base, at('work'), store);
  await write('work/.pytest_cache/CACHEDIR.TAG', tag);
  await write('work/.pytest_cache/v/cache/nodeids', '[]');
  await write('work/kept/data', 'x');
  await write('work/docs/CACHEDIR.TAG', 'Another text.');
  await write('work/linked/file', 'x');
  await symlink('../kept/CACHEDIR.TAG', at('work/linked/CACHEDIR.TAG'));
  const { tree, leftOut } = await readBack(at('work'), base, { store });
  expect(tree.map(({ path }) => path)).toEqual([
    'a.py',
    'docs/CACHEDIR.TAG',
    'kept/CACHEDIR.TAG',
    'kept/data',
    'linked/file',
  ]);
  expect(leftOut).toEqual([
    { path: '.pytest_cache/', reason: 'it is a cache, as its CACHEDIR.TAG says' },
    { path: 'linked/CACHEDIR.TAG', reason: 'it is a link' },
  ]);
});

test('a file of the same size whose time was set back is seen all the same', async () => {
  const { folder, store, base, stamps } = await written();
  await writeFile(`${folder}/src/a.ts`, 'z\n');
  await utimes(`${folder}/src/a.ts`, new Date(0), new Date(0));
  const { tree } = await readBack(folder, base, { store, stamps });
  expect(versionOf(tree)).not.toBe(versionOf(base));
});

test('a .gitignore that was written into the folder hides nothing', async () => {
  const { folder, write, store, base, stamps } = await written();
  await write('work/.gitignore', '*\n');
  await write('work/new.ts', 'x');
  const { tree } = await readBack(folder, base, { store, stamps });
  expect(tree.map(({ path }) => path)).toContain('new.ts');
});

test('links are named and never followed', async () => {
  const { folder, at, store, base, stamps } = await written();
  await mkdir(at('outside'));
  await writeFile(at('outside/secret.txt'), 'secret');
  await symlink(at('outside'), `${folder}/folder-link`);
  await symlink(at('outside/secret.txt'), `${folder}/file-link`);
  await rm(`${folder}/src`, { recursive: true });
  await symlink(at('outside'), `${folder}/src`);
  const { tree, leftOut } = await readBack(folder, base, { store, stamps });
  expect(tree.map(({ path }) => path)).toEqual(['.gitignore', 'README.md', 'bin/run', 'empty']);
  expect(leftOut.map(({ path }) => path)).toEqual(['file-link', 'folder-link', 'src']);
});

test.each([
  { what: 'a folder that cannot be listed', path: 'src', mode: 0o300, named: ['src/'] },
  { what: 'a folder that cannot be entered', path: 'src', mode: 0o400, named: ['src/a.ts', 'src/kept.tmp'] },
  { what: 'a file that cannot be read', path: 'README.md', mode: 0o000, named: ['README.md'] },
])('$what was not deleted: it is named, and stays as it was', async ({ path, mode, named }) => {
  const { root, folder, write, store, base, stamps } = await written();
  await write('work/new.ts', 'x');
  await chmod(`${folder}/${path}`, mode);
  const { tree, leftOut } = await asNobody(root, () => readBack(folder, base, { store, stamps }));
  expect(tree.map((file) => file.path)).toEqual([...base.map((file) => file.path), 'new.ts'].toSorted());
  expect(leftOut).toEqual(named.map((each) => ({ path: each, reason: 'it cannot be read (EACCES)' })));
});

/** Root reads everything. */
async function asNobody<T>(folder: string, act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  execFileSync('chown', ['-R', '65534', folder]);
  process.seteuid?.(65_534);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

test('nothing is written where something is already', async () => {
  const { folder, store, base } = await written();
  const before = await hashOfFolder(folder);
  await expect(materialise(base, folder, store)).rejects.toMatchObject({ code: 'folder-exists' });
  expect(await hashOfFolder(folder)).toBe(before);
});

test('a tree whose bytes are not all there is not taken for one, and nothing goes on in the background', async () => {
  const { at, store, base } = await written();
  const missing = { path: 'missing', mode: '100644' as const, sha256: 'a'.repeat(64), size: 3 };
  await expect(materialise(treeOf([...base, missing]), at('other'), store)).rejects.toMatchObject({
    code: 'blob-missing',
  });
});
