import { symlink } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { snapshotFolder } from '../snapshot/snapshot-folder.js';
import { memoryStore } from '../testing/memory-store.js';
import { hashOfFolder, scratch, treeWith } from '../testing/scratch.js';
import { putFile } from '../tree/blob-store.js';
import { withFiles } from '../tree/tree.js';
import { commitToBranch, type Round } from './commit-to-branch.js';

async function repository() {
  const place = await scratch(onTestFinished);
  const { write, git, at } = place;
  await write('repo/README.md', '# A\n');
  await write('repo/app/a.txt', 'a\n');
  await write('repo/.env', 'KEY=x\n');
  await write('repo/large.bin', Buffer.alloc(6 * 1024 * 1024));
  await symlink('README.md', at('repo/link'));
  await git('repo', 'init', '-q');
  await git('repo', 'add', '-A');
  await git('repo', 'commit', '-q', '-m', 'one');
  const base = (await git('repo', 'rev-parse', 'HEAD')).trim();
  const store = memoryStore();
  const snapshot = await snapshotFolder(at('repo'));
  for await (const { bytes } of snapshot.contents()) await putFile(store, bytes);
  const change = async (files: Readonly<Record<string, string>>, removed: readonly string[] = []) =>
    withFiles(snapshot.tree, await treeWith(store, files), removed);
  return { ...place, store, base, tree: snapshot.tree, change, folder: at('repo') };
}

const round = (before: Round['before'], after: Round['after'], subject = 'A round'): Round => ({
  ...{ before, after, subject, trailers: ['Baton-Run: r1', 'Baton-Round: 1'], at: new Date('2026-01-02T03:04:05Z') },
});

test('rounds become commits of Baton, and the user’s own files, index and branch stay as they are', async () => {
  const { folder, git, write, store, base, tree, change } = await repository();
  await write('repo/README.md', '# staged\n');
  await git('repo', 'add', 'README.md');
  await write('repo/app/a.txt', 'not staged\n');
  const [index, status, files] = [
    await git('repo', 'ls-files', '-s'),
    await git('repo', 'status', '--porcelain'),
    await git('repo', 'rev-parse', 'HEAD'),
  ];
  const first = await change({ 'src/new.ts': '1\n' });
  const second = await change({ 'src/new.ts': '2\n', 'run.sh': 'x\n' }, ['app/a.txt']);
  const rounds = [round(tree, first, 'Round 1'), round(first, second, 'Round 2')];
  const commit = await commitToBranch({ folder, prefix: '', branch: 'baton/work', base, rounds, store });

  expect((await git('repo', 'rev-parse', 'baton/work')).trim()).toBe(commit);
  expect(
    await git('repo', 'log', '--format=%s|%an|%ct|%(trailers:only,unfold,separator=%x2C)', `${base}..baton/work`),
  ).toBe(
    'Round 2|Baton|1767323045|Baton-Run: r1,Baton-Round: 1\nRound 1|Baton|1767323045|Baton-Run: r1,Baton-Round: 1\n',
  );
  expect(await git('repo', 'diff', '--name-status', base, 'baton/work')).toBe(
    'D\tapp/a.txt\nA\trun.sh\nA\tsrc/new.ts\n',
  );
  expect([
    await git('repo', 'ls-files', '-s'),
    await git('repo', 'status', '--porcelain'),
    await git('repo', 'rev-parse', 'HEAD'),
  ]).toEqual([index, status, files]);
});

test('two works on one base each have a branch from it, wherever the user’s own branch is by then', async () => {
  const { folder, git, write, store, base, tree, change } = await repository();
  await write('repo/app/a.txt', 'of the user\n');
  await git('repo', 'commit', '-q', '-a', '-m', 'two');
  const head = (await git('repo', 'rev-parse', 'HEAD')).trim();
  for (const name of ['first', 'second']) {
    const rounds = [round(tree, await change({ 'app/a.txt': `${name}\n` }))];
    await commitToBranch({ folder, prefix: '', branch: name, base, rounds, store });
  }
  for (const name of ['first', 'second']) {
    expect((await git('repo', 'rev-parse', `${name}~1`)).trim()).toBe(base);
    expect(await git('repo', 'show', `${name}:app/a.txt`)).toBe(`${name}\n`);
  }
  expect((await git('repo', 'rev-parse', 'HEAD')).trim()).toBe(head);
  expect(await git('repo', 'show', 'HEAD:app/a.txt')).toBe('of the user\n');
  expect(await git('repo', 'status', '--porcelain')).toBe('');
});

test('what was left out of the workspace stays in the commit', async () => {
  const { folder, git, store, base, tree, change } = await repository();
  expect(tree.map(({ path }) => path)).toEqual(['README.md', 'app/a.txt']);
  await commitToBranch({
    folder,
    prefix: '',
    branch: 'b',
    base,
    rounds: [round(tree, await change({ n: 'n' }))],
    store,
  });
  expect(await git('repo', 'ls-tree', '-r', '--name-only', 'b')).toBe(
    '.env\nREADME.md\napp/a.txt\nlarge.bin\nlink\nn\n',
  );
});

test('a workspace that is a folder of the repository is put back into that folder', async () => {
  const { at, git, store, base } = await repository();
  const before = await treeWith(store, { 'a.txt': 'a\n' });
  const after = await treeWith(store, { 'a.txt': 'b\n' });
  await commitToBranch({
    folder: at('repo/app'),
    prefix: 'app/',
    branch: 'b',
    base,
    rounds: [round(before, after)],
    store,
  });
  expect(await git('repo', 'diff', '--name-only', base, 'b')).toBe('app/a.txt\n');
});

test('a repository whose ids are SHA-256 is written to like any other', async () => {
  const { at, git, write } = await scratch(onTestFinished);
  await write('repo/a', 'a');
  await git('repo', 'init', '-q', '--object-format=sha256');
  await git('repo', 'add', '-A');
  await git('repo', 'commit', '-q', '-m', 'one');
  const store = memoryStore();
  const { tree, commit, note } = await snapshotFolder(at('repo'));
  expect(note).toContain('which is as in commit');
  const after = await treeWith(store, { b: 'b' });
  const rounds = [round(tree, after)];
  await commitToBranch({ folder: at('repo'), prefix: '', branch: 'b', base: commit, rounds, store });
  expect(await git('repo', 'ls-tree', '-r', '--name-only', 'b')).toBe('b\n');
});

test('a folder without a commit gets a branch with a history of its own', async () => {
  const { at, git, write } = await scratch(onTestFinished);
  await write('empty/.keep', '');
  await git('empty', 'init', '-q');
  const store = memoryStore();
  await commitToBranch({
    folder: at('empty'),
    prefix: '',
    branch: 'b',
    base: null,
    rounds: [round([], await treeWith(store, { a: 'a' }))],
    store,
  });
  expect(await git('empty', 'ls-tree', '-r', '--name-only', 'b')).toBe('a\n');
});

test('what cannot be done is refused in one sentence with the next step, and changes nothing', async () => {
  const { folder, at, git, write, store, base, tree, change } = await repository();
  await git('repo', 'branch', 'taken');
  await write('plain/a', 'a');
  const rounds = [round(tree, await change({ n: 'n' }))];
  const before = await hashOfFolder(folder);
  const refusal = (options: object) =>
    commitToBranch({ folder, prefix: '', branch: 'b', base, rounds, store, ...options }).then(
      () => 'no refusal',
      ({ code, message, next }) => `${code}: ${message} ${next}`,
    );
  expect(await refusal({ branch: 'taken' })).toBe(
    'branch-taken: There is a branch taken already. Give another name, or remove that branch first.',
  );
  expect(await refusal({ branch: 'taken/x' })).toMatch(/^branch-taken: There is a branch taken, beside which/);
  const misleading = ['@', 'HEAD', 'refs/heads/x', 'f'.repeat(40)];
  for (const branch of ['a b', '-x', 'a..b', '@{-1}', '', 'x.lock', 'a\nb', ...misleading]) {
    expect(await refusal({ branch })).toMatch(/^branch-name-invalid: .* cannot be the name of a branch\./s);
  }
  expect(await refusal({ base: 'f'.repeat(40) })).toMatch(/^base-unknown: /);
  expect(await refusal({ folder: at('repo/app') })).toMatch(
    /^other-folder: The workspace is its root in its repository/,
  );
  expect(await refusal({ folder: at('plain') })).toMatch(/^not-a-repository: /);
  expect(await refusal({ searchPath: at('plain') })).toMatch(/^no-git: There is no git on this machine\./);
  expect(await hashOfFolder(folder)).toBe(before);
});
