import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { materialise } from '../folder/materialise.js';
import { memoryStore } from '../testing/memory-store.js';
import { scratch, treeWith } from '../testing/scratch.js';
import { createRepository } from './create-repository.js';

test('a folder becomes a repository of its own, also within another one, with nothing left to commit', async () => {
  const { at, git, write } = await scratch(onTestFinished);
  await write('outer/README.md', '# Outer\n');
  await git('outer', 'init', '-q');
  const store = memoryStore();
  const tree = await treeWith(store, { 'a/b.txt': 'b\n', 'run.sh': { bytes: 'true\n', mode: '100755' } });
  const folder = at('outer/copy');
  await materialise(tree, folder, store);
  const at0 = new Date('2026-01-02T03:04:05Z');
  const commit = await createRepository({ folder, branch: 'main', tree, store, subject: 'Begun', at: at0 });

  expect(await git('outer/copy', 'log', '--format=%H %s %D')).toBe(`${commit} Begun HEAD -> main\n`);
  expect(await git('outer/copy', 'status', '--porcelain')).toBe('');
  expect(await git('outer/copy', 'ls-tree', '-r', '--format=%(objectmode) %(path)', 'main')).toBe(
    '100644 a/b.txt\n100755 run.sh\n',
  );
});

test('nothing of the templates that a user has for repositories gets into it', async () => {
  const { at, root, write } = await scratch(onTestFinished);
  await write('templates/hooks/post-commit', '#!/bin/sh\ntouch /tmp/hooked\n', 0o755);
  await writeFile(join(root, '.gitconfig'), `[init]\n\ttemplateDir = ${at('templates')}\n`);
  const store = memoryStore();
  const tree = await treeWith(store, { 'a.txt': 'a\n' });
  await materialise(tree, at('copy'), store);
  await createRepository({
    folder: at('copy'),
    branch: 'main',
    tree,
    store,
    subject: 's',
    at: new Date(0),
    home: root,
  });
  expect(await readdir(at('copy/.git'))).not.toContain('hooks');
});
