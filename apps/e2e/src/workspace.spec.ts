import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunDiff } from '@baton/contracts';
import { ended, REQUIREMENTS, type Stack } from '@baton/test-stack';
import { afterAll, describe, expect } from 'vitest';
import * as commands from './testing/commands.js';
import { test } from './testing/shared-stack.js';
import * as files from './testing/write-file.js';

let stack: Stack;
let dir: string;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  dir = await mkdtemp(join(tmpdir(), 'baton-workspace-e2e-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const at = (...parts: readonly string[]): string => join(dir, ...parts);

const write = (path: string, content: string) => files.write(at(path), content);
const git = (folder: string, ...args: readonly string[]) => commands.git(at(folder), ...args);
const baton = async (folder: string, ...args: readonly string[]) =>
  commands.baton(args, { env: await commands.envOf(stack), cwd: at(folder) });

/** Of all files but those of git, which have to be the same as well where nothing but a branch is made. */
async function hashOf(folder: string, isGitIncluded = true): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(at(folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    if (isGitIncluded || !file.includes('/.git/')) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}

/** A small project that is about something else, with what has no business in a run. */
async function project(name: string): Promise<void> {
  await write(`${name}/LICENSE`, 'Do what you like.\n');
  await write(`${name}/lib/greet.js`, 'export const greet = (name) => ["Hello", name].join(", ");\n');
  await write(`${name}/.gitignore`, 'local/\n');
  await git(name, 'init', '-q');
  await git(name, 'add', '-A');
  await git(name, 'commit', '-q', '-m', 'one');
  await write(`${name}/local/cache.bin`, 'x');
  await write(`${name}/.env`, 'KEY=very-secret-value\n');
  await symlink('/etc/passwd', at(name, 'passwd'));
}

describe('a run on a repository', () => {
  let runId: string;

  test('is submitted with a snapshot of it, and says what was left out', async () => {
    await project('shop');
    await write('wanted.md', REQUIREMENTS);
    const before = await hashOf('shop');
    const submitted = await baton(
      'shop',
      'run',
      'submit',
      '--workspace',
      '.',
      '--requirements',
      at('wanted.md'),
      '-o',
      'json',
    );
    expect(submitted).toMatchObject({ code: 0 });
    expect(submitted.stderr).toContain('  .env: its name is one of files that hold secrets\n');
    expect(submitted.stderr).toContain('  passwd: it is a link that leads out of the folder\n');
    expect(submitted.stderr).not.toContain('cache.bin');
    runId = JSON.parse(submitted.stdout).runId;
    const view = await ended(stack, runId);
    expect([view.status, view.cause]).toEqual(['succeeded', null]);
    expect(await hashOf('shop')).toBe(before);
  });

  test('gives a branch that adds what the run made, one commit a round, and touches nothing else', async () => {
    await write('shop/LICENSE', 'Being edited.\n');
    const [files, status] = [await hashOf('shop', false), await git('shop', 'status', '--porcelain')];
    const made = await baton('shop', 'run', 'result', runId, '--branch', 'baton/words');
    expect(made).toMatchObject({ code: 0, stdout: 'baton/words\n' });
    expect([await hashOf('shop', false), await git('shop', 'status', '--porcelain')]).toEqual([files, status]);
    expect((await git('shop', 'rev-parse', '--abbrev-ref', 'HEAD')).trim()).toBe('main');
    const changes = (await git('shop', 'diff', '--name-status', 'main', 'baton/words')).trim().split('\n');
    expect(changes.length).toBeGreaterThan(3);
    expect(changes.filter((line) => !line.startsWith('A\t'))).toEqual([]);
    const subjects = (
      await git(
        'shop',
        'log',
        '--format=%s%x09%an%x09%(trailers:key=Baton-Run,valueonly,separator=)',
        'main..baton/words',
      )
    ).trim();
    expect(subjects).toBe(`seven-step: round 2\tBaton\t${runId}\nseven-step: round 1\tBaton\t${runId}`);
    const again = await baton('shop', 'run', 'result', runId, '--branch', 'baton/words');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain(
      'There is a branch baton/words already.\nnext:  Give another name, or remove that branch first.',
    );
  });

  test('gives a patch that git applies, and the difference between rounds', async () => {
    const { stdout: patch } = await baton('shop', 'run', 'result', runId, '--patch');
    await git('.', 'clone', '-q', 'shop', 'clone');
    await write('all.patch', patch);
    await git('clone', 'apply', '--check', at('all.patch'));
    const listed = await baton('.', 'run', 'diff', runId, '-o', 'json');
    const { rounds, base, files } = RunDiff.parse(JSON.parse(listed.stdout));
    expect(rounds).toHaveLength(2);
    expect(files.every(({ kind }) => kind === 'added')).toBe(true);
    expect(base).not.toBe(rounds[0]?.tree);
    const between = await baton('.', 'run', 'diff', runId, '--from', '1', '--to', '2');
    expect(between.stdout).toMatch(/^diff --git /);
    expect(between.stdout).not.toContain('\u001b');
    const none = await baton('.', 'run', 'diff', runId, '--to', '9');
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('has no round 9: it has 2') });
  });

  test('gives all its files to an empty folder, and to one in use only what is not the user’s', async () => {
    const whole = await baton('.', 'run', 'result', runId, '--out', 'whole');
    expect(whole).toMatchObject({ code: 0 });
    expect(await readFile(at('whole/lib/greet.js'), 'utf8')).toContain('Hello');
    expect(await readFile(at('whole/LICENSE'), 'utf8')).toBe('Do what you like.\n');
    const own = await baton('shop', 'run', 'result', runId, '--out', '.');
    expect(own).toMatchObject({ code: 0 });
    expect(await readFile(at('shop/LICENSE'), 'utf8')).toBe('Being edited.\n');
    // The scripted model puts what it makes beside what is there.
    const [made = ''] = (await readdir(at('whole'))).filter((name) => !['LICENSE', 'lib', '.gitignore'].includes(name));
    await write(`busy/${made}/package.json`, '{ "name": "mine" }\n');
    const busy = await baton('.', 'run', 'result', runId, '--out', 'busy');
    expect(busy.code).toBe(2);
    expect(busy.stderr).toMatch(
      /package\.json in .*busy is neither what the run began from nor what it made of it; nothing was written\.\nnext: {2}Use --branch NAME or --patch/,
    );
    expect(await readdir(at('busy', made))).toEqual(['package.json']);
  });

  test('that was not committed gets a commit of what it began from', async () => {
    await project('dirty');
    await write('dirty/lib/greet.js', 'export const greet = () => "Hi";\n');
    const submitted = await baton(
      'dirty',
      'run',
      'submit',
      '--workspace',
      '.',
      '--requirements',
      at('wanted.md'),
      '-o',
      'json',
    );
    expect(submitted.stderr).toMatch(
      /The working tree is taken as it is, which differs from commit \w+ in 1 file; --ref HEAD takes the commit\./,
    );
    const { runId: other } = JSON.parse(submitted.stdout);
    expect((await ended(stack, other)).status).toBe('succeeded');
    expect(await baton('dirty', 'run', 'result', other, '--branch', 'result')).toMatchObject({ code: 0 });
    expect((await git('dirty', 'log', '--format=%s', 'main..result')).trim().split('\n')).toEqual([
      'seven-step: round 2',
      'seven-step: round 1',
      'What the run began from, and no commit had',
    ]);
    expect(await git('dirty', 'show', 'result:lib/greet.js')).toContain('Hi');
  });
});

test('a run that did not converge hands out its last files, and says so', async () => {
  await project('short');
  // It passes on what is given, and on nothing that a run adds.
  const never = `checks: [{ name: tests, command: '! find . -name "*.ts" | grep .' }]\n`;
  await write('short/.baton/tools.yaml', never);
  await git('short', 'add', '.baton');
  await git('short', 'commit', '-q', '-m', 'strict');
  const settings = ['--set', 'maxRounds=2', '--set', 'escalation=fail'];
  const submitted = await baton(
    'short',
    'run',
    'submit',
    '--workspace',
    '.',
    '--ref',
    'main',
    '--requirements',
    at('wanted.md'),
    ...settings,
    '-o',
    'json',
  );
  expect(submitted.stderr).toContain('(main) is taken, and not what lies in the working tree.');
  const { runId } = JSON.parse(submitted.stdout);
  const view = await ended(stack, runId);
  expect(view).toMatchObject({ status: 'failed', error: 'Baton.NotConverged' });
  expect(view.cause).toContain('tools that failed: tests');
  const made = await baton('short', 'run', 'result', runId, '--branch', 'unfinished');
  expect(made).toMatchObject({ code: 5, stderr: expect.stringContaining('The run did not succeed') });
  expect(await git('short', 'diff', '--name-only', 'main', 'unfinished')).not.toBe('');
});

test.each([
  ['a folder that is not there', ['--workspace', 'gone'], 'There is no folder'],
  [
    'a ref that is not there',
    ['--workspace', 'shop', '--ref', 'gone'],
    'The repository has no commit by the name gone.',
  ],
  [
    'a ref of no repository',
    ['--workspace', 'whole', '--ref', 'main'],
    'is no git repository, and --ref names a commit.',
  ],
  ['a ref without a workspace', ['--ref', 'main'], '--ref has no meaning without --workspace.'],
])('%s is told in one sentence, and nothing is submitted', async (_, args, sentence) => {
  const { code, stdout, stderr } = await baton('.', 'run', 'submit', '--requirements', at('wanted.md'), ...args);
  expect(code).not.toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toContain(sentence);
});
