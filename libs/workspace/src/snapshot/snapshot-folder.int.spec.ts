import { execFile } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hashOfFolder, scratch } from '../testing/scratch.js';
import { DEFAULT_LIMITS } from './limits.js';
import { NO_FILE } from './read-file.js';
import { type SnapshotOptions, snapshotFolder } from './snapshot-folder.js';

const pathsOf = async (folder: string, options: SnapshotOptions = {}) =>
  (await snapshotFolder(folder, options)).tree.map(({ path }) => path);
const leftOutOf = async (folder: string, options: SnapshotOptions = {}) =>
  Object.fromEntries((await snapshotFolder(folder, options)).leftOut.map(({ path, reason }) => [path, reason]));

/** A small repository with one commit. */
async function repository() {
  const place = await scratch(onTestFinished);
  await place.write('repo/README.md', '# A\n');
  await place.write('repo/src/a.sh', '#!/bin/sh\n', 0o755);
  await place.write('repo/.gitignore', 'dist/\n*.log\n');
  await place.git('repo', 'init', '-q');
  await place.git('repo', 'add', '-A');
  await place.git('repo', 'commit', '-q', '-m', 'one');
  return { ...place, folder: place.at('repo') };
}

describe('the snapshot of a repository', () => {
  test('holds what git would take, with modes, and changes nothing', async () => {
    const { folder, write, git } = await repository();
    await write('repo/dist/out.js', 'x');
    await write('repo/debug.log', 'x');
    await write('repo/new.txt', 'new\n');
    const before = await hashOfFolder(folder);
    const snapshot = await snapshotFolder(folder);
    expect(snapshot.tree.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      '100644 .gitignore',
      '100644 README.md',
      '100644 new.txt',
      '100755 src/a.sh',
    ]);
    expect(snapshot.commit).toBe((await git('repo', 'rev-parse', 'HEAD')).trim());
    expect(snapshot.leftOut).toEqual([]);
    expect(await hashOfFolder(folder)).toBe(before);
  });

  test('of a dirty tree says so, and of a clean one that it is clean', async () => {
    const { folder, write } = await repository();
    expect((await snapshotFolder(folder)).note).toMatch(/^The working tree is taken, which is as in commit \w{10}\.$/);
    await write('repo/README.md', '# B\n');
    await write('repo/more.md', 'more\n');
    expect((await snapshotFolder(folder)).note).toMatch(/differs from commit \w{10} in 2 files; --ref HEAD/);
  });

  test('of a ref is that of the commit, whatever lies in the working tree', async () => {
    const { folder, write, git } = await repository();
    const clean = await snapshotFolder(folder);
    await git('repo', 'tag', 'v1');
    await write('repo/README.md', '# changed\n');
    const tagged = await snapshotFolder(folder, { ref: 'v1' });
    expect(tagged).toMatchObject({ version: clean.version, commit: clean.commit, ref: 'v1' });
    expect(tagged.note).toContain('not what lies in the working tree');
    const contents: string[] = [];
    for await (const { bytes } of tagged.contents()) contents.push(bytes.toString());
    expect(contents).toContain('# A\n');
  });

  test('of a folder within it has paths from that folder on', async () => {
    const { at } = await repository();
    expect(await pathsOf(at('repo/src'))).toEqual(['a.sh']);
    expect(await pathsOf(at('repo/src'), { ref: 'HEAD' })).toEqual(['a.sh']);
    expect((await snapshotFolder(at('repo/src'))).prefix).toBe('src/');
  });

  test('leaves out submodules, repositories within it, links and pipes, each with its reason', async () => {
    const place = await repository();
    const { folder, write, git, at } = place;
    await write('other/x.txt', 'x');
    await git('other', 'init', '-q');
    await git('other', 'add', '-A');
    await git('other', 'commit', '-q', '-m', 'x');
    await git('repo', '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', at('other'), 'vendor/other');
    await write('repo/nested/y.txt', 'y');
    await git('repo/nested', 'init', '-q');
    await symlink('/etc/passwd', at('repo/passwd'));
    await symlink('README.md', at('repo/link.md'));
    await write('repo/.gitignore', '*.sock\n');
    await promisify(execFile)('mkfifo', [at('repo/pipe'), at('repo/src/pipe'), at('repo/ignored.sock')]);
    const all = await leftOutOf(folder);
    expect(all).toMatchObject({ pipe: NO_FILE, 'src/pipe': NO_FILE });
    expect(all).not.toHaveProperty('ignored.sock');
    expect(await leftOutOf(folder)).toMatchObject({
      'vendor/other': 'it is a submodule, a repository of its own',
      nested: 'it is a repository of its own',
      passwd: 'it is a link that leads out of the folder',
      'link.md': 'it is a link',
    });
    await git('repo', 'add', 'passwd', '.gitmodules');
    await git('repo', 'commit', '-q', '-m', 'two');
    expect(await leftOutOf(folder, { ref: 'HEAD' })).toEqual({
      'vendor/other': 'it is a submodule, a repository of its own',
      passwd: 'it is a link',
    });
  });

  test('follows no link that took the place of a folder git knows', async () => {
    const { folder, git, at } = await repository();
    await git('repo', 'rm', '-q', '--cached', '-r', 'src');
    await mkdir(at('elsewhere'));
    await writeFile(at('elsewhere/a.sh'), 'secret');
    await git('repo', 'reset', '-q');
    await promisify(execFile)('rm', ['-r', at('repo/src')]);
    await symlink(at('elsewhere'), at('repo/src'));
    expect(await pathsOf(folder)).toEqual(['.gitignore', 'README.md']);
  });

  test('of a repository without a commit takes the working tree and says so', async () => {
    const { write, git, at } = await scratch(onTestFinished);
    await write('repo/a.txt', 'a');
    await git('repo', 'init', '-q');
    expect(await snapshotFolder(at('repo'))).toMatchObject({
      commit: null,
      note: expect.stringContaining('no commit yet'),
    });
  });
});

describe('the snapshot of a folder without a repository', () => {
  test('honours .gitignore at every level, and leaves packages out', async () => {
    const { write, at } = await scratch(onTestFinished);
    await write('plain/.gitignore', '*.log\n/build/\n');
    await write('plain/a.log', 'x');
    await write('plain/build/x', 'x');
    await write('plain/src/build/kept.txt', 'x');
    await write('plain/src/.gitignore', '!kept.log\nlocal.txt\n');
    await write('plain/src/kept.log', 'x');
    await write('plain/src/local.txt', 'x');
    await write('plain/node_modules/p/index.js', 'x');
    expect(await pathsOf(at('plain'))).toEqual(['.gitignore', 'src/.gitignore', 'src/build/kept.txt', 'src/kept.log']);
    expect(await leftOutOf(at('plain'))).toEqual({ node_modules: 'packages are installed, not handed over' });
  });

  test('on a machine without git is the same, and says why', async () => {
    const { folder, at, write } = await repository();
    await write('repo/debug.log', 'x');
    await mkdir(at('no-programs'));
    const snapshot = await snapshotFolder(folder, { searchPath: at('no-programs') });
    expect(snapshot.tree.map(({ path }) => path)).toEqual(['.gitignore', 'README.md', 'src/a.sh']);
    expect(snapshot.note).toContain('no git on this machine');
  });
});

describe('what is left out', () => {
  test('are secrets by their name', async () => {
    const { write, at } = await scratch(onTestFinished);
    const secret = [
      '.env',
      '.env.local',
      'a/prod.env',
      'k.pem',
      'x/server.key',
      'id_rsa',
      '.netrc',
      'credentials',
      'credentials.json',
      'c.p12',
      '.aws/config',
      '.envrc',
      '.my.cnf',
      'local.settings.json',
      'a/shop-firebase-adminsdk-x1.json',
      '.config/gcloud/access_tokens.db',
      '.azure/tokens.json',
    ];
    const ordinary = ['.env.example', 'src/credentials.ts', 'id_rsa.pub', 'key.ts', 'environment.md'];
    for (const path of [...secret, ...ordinary]) await write(`w/${path}`, 'x');
    expect(Object.keys(await leftOutOf(at('w'))).sort()).toEqual(secret.sort());
    expect(await pathsOf(at('w'))).toEqual(ordinary.sort());
  });

  test.each([
    ['a private key', `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${'Ab1+'.repeat(16)}\n`],
    ['a key of AWS', `id = AKIA${'Q7'.repeat(8)}\n`],
    ['a key of AWS', `aws_secret_access_key = ${'aB3+'.repeat(10)}\n`],
    ['a key of AWS', `"secretAccessKey": "${'aB3/'.repeat(10)}"\n`],
    ['a key of Azure', `Account${'Key'}=${'aB3+'.repeat(21)}==\n`],
    ['a token of Hugging Face', `hf_${'aB'.repeat(17)}`],
    [
      'a webhook of Slack',
      `https://hooks.slack.com/services/T0${'A1'.repeat(4)}/B0${'A1'.repeat(4)}/${'aB3'.repeat(8)}`,
    ],
    ['a key of SendGrid', `SG.${'aB'.repeat(11)}.${'c'.repeat(43)}`],
    ['a token of PyPI', `password = pypi-AgE${'aB3_'.repeat(30)}`],
    ['a token of GitHub', `ghp_${'a1'.repeat(18)}`],
    ['a key of Anthropic', `KEY=sk-ant-api03-${'aB3_'.repeat(20)}`],
    ['a token for packages', `//registry.npmjs.org/:_auth${'Token'}=abcdef0123456789\n`],
    ['a key of Baton', `baton_${'x'.repeat(43)}`],
  ])('are files that hold %s', async (what, content) => {
    const { write, at } = await scratch(onTestFinished);
    await write('w/notes.txt', `first\n${content}`);
    expect(await leftOutOf(at('w'))).toEqual({ 'notes.txt': `it holds what looks like ${what} in line 2` });
  });

  test('are not texts that only speak of keys', async () => {
    const { write, at } = await scratch(onTestFinished);
    await write('w/a.md', 'A file with -----BEGIN PRIVATE KEY----- in it, AKIAIOSFODNN7EXAMPLE, sk-ant-…\n');
    await write(
      'w/b.md',
      'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\naws_secret_access_key = $KEY\n',
    );
    expect(await leftOutOf(at('w'))).toEqual({});
  });

  test('are files that are too large, and files that cannot be read', async () => {
    const { write, at, root } = await scratch(onTestFinished);
    await chmod(root, 0o755);
    await write('w/large.bin', Buffer.alloc(DEFAULT_LIMITS.fileBytes + 1));
    await write('w/closed.txt', 'x', 0o000);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(60_998); // Root may read everything.
    const leftOut = await leftOutOf(at('w')).finally(() => isRoot && process.seteuid?.(0));
    expect(leftOut).toEqual({ 'large.bin': 'it is larger than 5 MB', 'closed.txt': 'it cannot be read (EACCES)' });
  });

  test('are names that could do things to a terminal, or mean the same file elsewhere', async () => {
    const { write, at } = await scratch(onTestFinished);
    await write('w/a\u001b[31m.txt', 'x');
    await write('w/Same.txt', 'x');
    await write('w/same.txt', 'x');
    expect(await leftOutOf(at('w'))).toEqual({
      'a\\x1b[31m.txt': 'its path holds a control character',
      'same.txt': 'its path differs from Same.txt only in case or accents',
    });
  });
});

describe('what cannot be a workspace is refused in one sentence, with the next step', () => {
  const refusal = (folder: string, options: SnapshotOptions = {}) =>
    snapshotFolder(folder, options).then(
      () => 'no refusal',
      ({ code, message, next }) => `${code}: ${message} ${next}`,
    );

  test('too many files, and too many bytes', async () => {
    const { folder } = await repository();
    expect(await refusal(folder, { limits: { ...DEFAULT_LIMITS, files: 2 } })).toBe(
      'workspace-too-large: The workspace is too large: it holds more than 2 files. Name a smaller folder, or leave out by .gitignore what the work does not need.',
    );
    expect(await refusal(folder, { limits: { ...DEFAULT_LIMITS, totalBytes: 1024, fileBytes: 2000 } })).toBe(
      'no refusal',
    );
    expect(await refusal(folder, { limits: { ...DEFAULT_LIMITS, totalBytes: 10 } })).toContain('more than 0 KB');
    expect(await refusal(folder, { ref: 'HEAD', limits: { ...DEFAULT_LIMITS, files: 2 } })).toContain(
      'more than 2 files',
    );
  });

  test('a folder that is none', async () => {
    const { folder, at } = await repository();
    expect(await refusal(at('gone'))).toMatch(/^not-a-folder: There is no folder /);
    expect(await refusal(`${folder}/README.md`)).toMatch(/^not-a-folder: .*README.md is not a folder\./);
  });

  test.each(['gone', '--output=x', '', 'HEAD~7', 'a..b'])('the ref %j', async (ref) => {
    const { folder } = await repository();
    expect(await refusal(folder, { ref })).toBe(
      `no-such-ref: The repository has no commit by the name ${ref}. Name a branch, a tag or a commit that \`git log\` shows; what is only on a server has to be fetched first.`,
    );
  });

  test('a ref without git, and without a repository', async () => {
    const { folder, at, write } = await repository();
    await write('plain/a', 'a');
    expect(await refusal(folder, { ref: 'HEAD', searchPath: at('plain') })).toMatch(
      /^no-git: There is no git on this machine, and --ref/,
    );
    expect(await refusal(at('plain'), { ref: 'HEAD' })).toMatch(
      /^not-a-repository: .* is no git repository, and --ref/,
    );
  });

  test.runIf(process.getuid?.() === 0)('a repository of another user', async () => {
    const { folder } = await repository();
    await promisify(execFile)('chown', ['-R', '60998', folder]);
    expect(await refusal(folder)).toMatch(
      /^repository-not-trusted: The folder .* is a git repository of another user, which git does not open\. Where you trust it, say/,
    );
  });

  test('a file that changes while it is read', async () => {
    const { folder, write } = await repository();
    const snapshot = await snapshotFolder(folder);
    await write('repo/README.md', 'other');
    const all = async () => {
      for await (const _ of snapshot.contents());
    };
    await expect(all()).rejects.toMatchObject({ code: 'workspace-changed' });
  });
});
