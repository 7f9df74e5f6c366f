import { readdir, rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { commitToBranch } from '../commit/commit-to-branch.js';
import { snapshotFolder } from '../snapshot/snapshot-folder.js';
import { memoryStore } from '../testing/memory-store.js';
import { scratch, treeWith } from '../testing/scratch.js';
import { findRepository, output } from './repository.js';

/** Everything in a repository's own settings by which git can be made to run a program. */
const settingsWith = (program: string): string => `
[core]
  repositoryformatversion = 0
  fsmonitor = ${program} fsmonitor
  hooksPath = hooks
  pager = ${program} pager
  editor = ${program} editor
  askPass = ${program} askpass
  sshCommand = ${program} ssh
  gitProxy = ${program} proxy
  alternateRefsCommand = ${program} alternates
[diff]
  external = ${program} diff
[diff "evil"]
  textconv = ${program} textconv
  command = ${program} command
[filter "evil"]
  clean = ${program} clean
  smudge = ${program} smudge
  process = ${program} process
  required = true
[merge "evil"]
  driver = ${program} merge
[credential]
  helper = ${program} credential
[commit]
  gpgSign = true
[gpg]
  program = ${program} gpg
[gpg "ssh"]
  program = ${program} gpg
[alias]
  ls-files = !${program} alias
  rev-parse = !${program} alias
[uploadpack]
  packObjectsHook = ${program} pack
[remote "origin"]
  url = ext::${program} remote
  promisor = true
  partialclonefilter = blob:none
  uploadpack = ${program} uploadpack
[protocol "ext"]
  allow = always
[extensions]
  partialClone = origin
[hook "plain"]
  event = post-index-change
  event = reference-transaction
  command = ${program} hook-of-settings
[hook "a=b.c d\\"e"]
  event = reference-transaction
  command = ${program} hook-of-settings
  enabled = true
[interactive]
  diffFilter = ${program} interactive
`;

const HOOKS = [
  'post-index-change',
  'reference-transaction',
  'pre-commit',
  'commit-msg',
  'prepare-commit-msg',
  'post-commit',
  'post-checkout',
  'fsmonitor-watchman',
];

test('no program that a repository names is run, whatever is read from it or written to it', async () => {
  const { at, root, write, git } = await scratch(onTestFinished);
  const program = at('evil.sh');
  await write('evil.sh', `#!/bin/sh\ntouch "${root}/ran-$1"\ncat >/dev/null\n`, 0o755);
  await write('repo/a.txt', 'a\n');
  await git('repo', 'init', '-q');
  await git('repo', 'add', '-A');
  await git('repo', 'commit', '-q', '-m', 'one');
  const commit = (await git('repo', 'rev-parse', 'HEAD')).trim();
  const blob = (await git('repo', 'rev-parse', 'HEAD:a.txt')).trim();
  await write('repo/.gitattributes', '* filter=evil diff=evil merge=evil\n');
  await write('repo/a.txt', 'changed\n');
  await write('repo/.git/config', settingsWith(program));
  for (const hook of HOOKS)
    await write(`repo/.git/hooks/${hook}`, `#!/bin/sh\ntouch "${root}/ran-hook-${hook}"\n`, 0o755);

  const store = memoryStore();
  const working = await snapshotFolder(at('repo'));
  expect(working.tree.map(({ path }) => path)).toEqual(['.gitattributes', 'a.txt']);
  expect((await snapshotFolder(at('repo'), { ref: 'HEAD' })).commit).toBe(commit);
  const before = await treeWith(store, { 'a.txt': 'a\n' });
  const after = await treeWith(store, { 'a.txt': 'b\n', 'b.txt': 'b\n' });
  const round = { before, after, subject: 'One', trailers: [], at: new Date(0) };
  await commitToBranch({ folder: at('repo'), prefix: '', branch: 'result', base: commit, rounds: [round], store });
  // An object that the clone lacks would be fetched by the program that the remote names.
  await write(`repo/.git/objects/${blob.slice(0, 2)}/keep`, '');
  await rm(at(`repo/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`));
  expect((await snapshotFolder(at('repo'), { ref: commit })).leftOut).toEqual([
    { path: 'a.txt', reason: 'it cannot be read: git has no such object here' },
  ]);

  expect((await readdir(root)).filter((name) => name.startsWith('ran'))).toEqual([]);
});

// Git knows them from 2.54 on; what it would do is asked of any.
test('hooks that stand in the settings of a repository are off, whatever they are called', async () => {
  const { at, write, git } = await scratch(onTestFinished);
  await write('repo/a.txt', 'a\n');
  await git('repo', 'init', '-q');
  await write('repo/.git/config', settingsWith('/bin/false'));
  const repository = await findRepository(at('repo'), {});
  if (repository === null) throw new Error('there is no repository');
  for (const name of ['plain', 'a=b.c d"e']) {
    const settingOf = async (key: string): Promise<string> =>
      (await output(repository, ['config', '--get', `hook.${name}.${key}`])).toString('utf8').trim();
    expect(await settingOf('event')).toBe('reference-transaction');
    expect(await settingOf('enabled')).toBe('false');
  }
});
