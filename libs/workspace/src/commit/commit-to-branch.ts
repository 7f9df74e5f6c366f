import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatonError } from '@baton/contracts';
import { commitOf, findRepository, type Repository } from '../git/repository.js';
import { type GitSettings, gitFailed, gitOutput, runGit } from '../git/run-git.js';
import { type BlobStore, getFile } from '../tree/blob-store.js';
import { diffTrees, type FileChange } from '../tree/diff-trees.js';
import type { Tree } from '../tree/tree.js';

/** One commit: what the workspace was before it, and is after it. */
export interface Round {
  readonly before: Tree;
  readonly after: Tree;
  readonly subject: string;
  /** `Name: value` lines at the end of the message. */
  readonly trailers: readonly string[];
  readonly at: Date;
}

export interface BranchOptions extends GitSettings {
  /** A folder of the repository: the one that the workspace is of. */
  readonly folder: string;
  /** Of that folder below the root of the repository, as `Snapshot.prefix` has it. */
  readonly prefix: string;
  readonly branch: string;
  /** The commit that the work began from; null where none is known, and then the branch has a history of its own. */
  readonly base: string | null;
  readonly rounds: readonly Round[];
  readonly store: BlobStore;
}

const AUTHOR = { name: 'Baton', email: 'baton@localhost' };

/**
 * Writes rounds as commits to a branch that is not there yet. The working tree, its index and every other branch stay as
 * they are. Each commit holds the files of the one before it, also those that were left out of the workspace, with what
 * the round changed.
 *
 * @returns the id of the last commit
 * @throws BatonError `no-git`, `not-a-repository`, `other-folder`, `branch-name-invalid`, `branch-taken`, `base-unknown`, `git-failed`
 */
export async function commitToBranch(options: BranchOptions): Promise<string> {
  const repository = await requireRepository(options);
  checkPrefix(repository, options.prefix);
  await checkBranch(repository, options.branch);
  const base = await requireBase(repository, options.base);
  const scratch = await mkdtemp(join(tmpdir(), 'baton-index-'));
  try {
    const variables = { GIT_INDEX_FILE: join(scratch, 'index') };
    const { folder, settings } = repository;
    const call = { ...settings, folder, variables };
    await gitOutput({ ...call, args: base === null ? ['read-tree', '--empty'] : ['read-tree', base] });
    let parent = base;
    for (const round of options.rounds) {
      const changes = diffTrees(round.before, round.after);
      const lines = [];
      for (const change of changes) lines.push(await indexLine(repository, change, base, options.store));
      await gitOutput({ ...call, args: ['update-index', '-z', '--index-info'], input: lines.join('') });
      const tree = word(await gitOutput({ ...call, args: ['write-tree'] }));
      parent = await commit(repository, tree, parent, round);
    }
    if (parent === null) throw new BatonError('There is nothing to commit.', { code: 'nothing-to-commit' });
    await createBranch(repository, options.branch, parent);
    return parent;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const word = (bytes: Buffer): string => bytes.toString('utf8').trim();

async function requireRepository({ folder, searchPath, home }: BranchOptions): Promise<Repository> {
  const repository = await findRepository(folder, { searchPath, home });
  if (repository !== null) return repository;
  throw new BatonError(`${folder} is no git repository.`, {
    code: 'not-a-repository',
    next: 'Call it within the repository that the workspace was taken from, or use --patch or --out.',
  });
}

/** @throws BatonError `other-folder` */
function checkPrefix({ folder, prefix }: Repository, wanted: string): void {
  if (prefix === wanted) return;
  const place = wanted === '' ? 'its root' : `its folder ${wanted.slice(0, -1)}`;
  throw new BatonError(`The workspace is ${place} in its repository, and ${folder} is not.`, {
    code: 'other-folder',
    next: 'Call it in that folder.',
  });
}

/** Git takes these for a branch, and then for something else where the branch is named: the commit in use, a place of refs, a commit. */
const MISLEADING = /^(@|HEAD|refs\/.*|[0-9a-f]{40}|[0-9a-f]{64})$/;

/** @throws BatonError `branch-name-invalid`, `branch-taken` */
async function checkBranch(repository: Repository, branch: string): Promise<void> {
  const { folder, settings } = repository;
  const args = ['check-ref-format', '--branch', branch];
  const checked =
    branch.startsWith('-') || MISLEADING.test(branch) ? null : await runGit({ ...settings, folder, args });
  // `@{-1}` and its like pass as the name of another branch.
  if (checked === null || checked.exitCode !== 0 || word(checked.stdout) !== branch) {
    throw new BatonError(`${JSON.stringify(branch)} cannot be the name of a branch.`, {
      code: 'branch-name-invalid',
      next: 'Use letters, digits, dashes and slashes, such as baton/csv-import.',
    });
  }
  const format = '--format=%(refname:lstrip=2)';
  const names = word(await gitOutput({ ...settings, folder, args: ['for-each-ref', format, 'refs/heads'] })).split(
    '\n',
  );
  if (names.includes(branch)) throw taken(`There is a branch ${branch} already.`);
  const other = names.find((name) => name.startsWith(`${branch}/`) || branch.startsWith(`${name}/`));
  if (other !== undefined && other !== '') {
    throw taken(`There is a branch ${other}, beside which there can be none named ${branch}.`);
  }
}

const taken = (message: string): BatonError =>
  new BatonError(message, { code: 'branch-taken', next: 'Give another name, or remove that branch first.' });

async function requireBase(repository: Repository, base: string | null): Promise<string | null> {
  if (base === null) return null;
  const found = /^[0-9a-f]{40,64}$/.test(base) ? await commitOf(repository, base) : null;
  if (found !== null) return found;
  throw new BatonError(`The repository has no commit ${base.slice(0, 64)}, from which the run began.`, {
    code: 'base-unknown',
    next: 'Call it in the repository that the workspace was taken from, fetch that commit, or use --patch.',
  });
}

/** A line of `update-index --index-info`; the bytes of a file that is there afterwards are in the repository by then. */
async function indexLine(
  { folder, settings, prefix }: Repository,
  { path, after }: FileChange,
  base: string | null,
  store: BlobStore,
): Promise<string> {
  // As long as the ids of this repository.
  if (after === null) return `0 ${'0'.repeat(base?.length ?? 40)}\t${prefix}${path}\0`;
  const args = ['hash-object', '-w', '--no-filters', '--stdin'];
  const id = word(await gitOutput({ ...settings, folder, args, input: await getFile(store, after) }));
  return `${after.mode} ${id}\t${prefix}${path}\0`;
}

async function commit(
  { folder, settings }: Repository,
  tree: string,
  parent: string | null,
  { subject, trailers, at }: Round,
): Promise<string> {
  const date = `@${Math.floor(at.getTime() / 1000)} +0000`;
  const variables = {
    GIT_AUTHOR_NAME: AUTHOR.name,
    GIT_AUTHOR_EMAIL: AUTHOR.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: AUTHOR.name,
    GIT_COMMITTER_EMAIL: AUTHOR.email,
    GIT_COMMITTER_DATE: date,
  };
  const args = ['commit-tree', tree, ...(parent === null ? [] : ['-p', parent])];
  const input = `${subject}\n\n${trailers.join('\n')}\n`;
  return word(await gitOutput({ ...settings, folder, args, variables, input }));
}

/** Only where it is not there: the name may have been taken since it was looked for. */
async function createBranch(repository: Repository, branch: string, commit: string): Promise<void> {
  const { folder, settings } = repository;
  const ref = `refs/heads/${branch}`;
  const args = ['update-ref', '-m', 'baton: result of a run', ref, commit, '0'.repeat(commit.length)];
  const { exitCode, stderr } = await runGit({ ...settings, folder, args });
  if (exitCode === 0) return;
  if (/cannot lock ref/.test(stderr) && /exists/.test(stderr)) throw taken(`There is a branch ${branch} already.`);
  throw gitFailed('update-ref', stderr);
}
