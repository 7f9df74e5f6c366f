import { realpath, stat } from 'node:fs/promises';
import { BatonError, toError } from '@baton/contracts';
import { gitIdOf } from '../git/git-id.js';
import { commitOf, findRepositoryIfAny, type Repository } from '../git/repository.js';
import type { GitSettings } from '../git/run-git.js';
import { sha256Of } from '../tree/blob-store.js';
import { type FileMode, type Tree, type TreeFile, treeOf, versionOf } from '../tree/tree.js';
import { openAdmission } from './admit.js';
import { committedTree } from './committed.js';
import { DEFAULT_LIMITS, type LeftOut, type Limits, refuseTooLarge } from './limits.js';
import { plainFolder } from './plain-folder.js';
import type { CommittedFile, Source } from './source.js';
import { workingTree } from './working-tree.js';

export interface SnapshotOptions extends GitSettings {
  /** A commit, by any name that git knows for it, instead of the files that lie in the folder. */
  readonly ref?: string | undefined;
  readonly limits?: Limits;
}

/** A folder as it was read. Nothing was stored yet: `contents` reads the files once more, one at a time. */
export interface Snapshot {
  readonly tree: Tree;
  readonly version: string;
  readonly bytes: number;
  readonly leftOut: readonly LeftOut[];
  /** The commit that the files are, or lie over; null where there is none. */
  readonly commit: string | null;
  readonly ref: string | null;
  /** Of the folder below the root of its repository: empty, or `a/b/`. */
  readonly prefix: string;
  /** What was taken, in a sentence or two. */
  readonly note: string;
  /** @throws BatonError `workspace-changed` where a file is no more what it was */
  contents(): AsyncGenerator<{ readonly file: TreeFile; readonly bytes: Buffer }>;
}

/**
 * Reads a folder, or a commit of it: what a run works on. Runs nothing that the repository names, and changes nothing.
 *
 * @throws BatonError `not-a-folder`, `no-git`, `not-a-repository`, `no-such-ref`, `workspace-too-large`, …: one sentence each, with the next step
 */
export async function snapshotFolder(folder: string, options: SnapshotOptions = {}): Promise<Snapshot> {
  const root = await requireFolder(folder);
  const limits = options.limits ?? DEFAULT_LIMITS;
  const { source, commit, prefix, note } = await sourceOf(root, options, limits);
  const admission = openAdmission(limits);
  for (const { path, reason } of source.leftOut) admission.leaveOut(path, reason);
  const files: TreeFile[] = [];
  let bytes = 0;
  let differing = 0;
  for await (const { path, file } of source.read(source.paths.filter(admission.admitPath))) {
    if (file.found === 'refused' || file.found === 'unreadable') admission.leaveOut(path, file.reason);
    if (file.found !== 'file' || !admission.admitContent(path, file.bytes)) continue;
    bytes += file.bytes.length;
    refuseTooLarge(bytes, limits);
    files.push({ path, mode: file.mode, sha256: sha256Of(file.bytes), size: file.bytes.length });
    if (!isAsCommitted(source.committed?.get(path), file)) differing += 1;
  }
  const { leftOut } = admission;
  const tree = treeOf(files);
  return {
    tree,
    version: versionOf(tree),
    bytes,
    leftOut,
    commit,
    ref: options.ref ?? null,
    prefix,
    note: note(differing + countGone(source, tree, leftOut)),
    contents: () => readAgain(source, tree),
  };
}

const isAsCommitted = (
  before: CommittedFile | undefined,
  { mode, bytes }: { readonly mode: FileMode; readonly bytes: Buffer },
): boolean =>
  before !== undefined &&
  before.mode === mode &&
  before.id === gitIdOf(bytes, before.id.length === 64 ? 'sha256' : 'sha1');

/** Files of the commit that lie there no more. */
function countGone(source: Source, tree: Tree, leftOut: readonly LeftOut[]): number {
  const present = new Set([...tree, ...leftOut].map(({ path }) => path));
  const gone = [...(source.committed?.keys() ?? [])].filter((path) => !present.has(path));
  return gone.filter((path) => !path.includes('node_modules/')).length;
}

async function requireFolder(folder: string): Promise<string> {
  try {
    if ((await stat(folder)).isDirectory()) return await realpath(folder);
  } catch (thrown) {
    const error = toError(thrown);
    const isMissing = 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    throw notAFolder(isMissing ? `There is no folder ${folder}` : `${folder} cannot be read (${error.message})`, error);
  }
  throw notAFolder(`${folder} is not a folder`);
}

const notAFolder = (what: string, cause?: unknown): BatonError =>
  new BatonError(`${what}.`, { code: 'not-a-folder', next: 'Name the folder of the workspace.', cause });

interface Chosen {
  readonly source: Source;
  readonly commit: string | null;
  readonly prefix: string;
  /** @param differing how many files are not as in the commit */
  readonly note: (differing: number) => string;
}

const short = (commit: string): string => commit.slice(0, 10);

async function sourceOf(folder: string, options: SnapshotOptions, limits: Limits): Promise<Chosen> {
  const { ref } = options;
  const repository = await findRepositoryIfAny(folder, options);
  if (ref !== undefined) return sourceOfRef(requireRepository(repository, folder), ref, limits);
  if (repository === 'no-git') {
    const note = 'There is no git on this machine, so the files are taken as they lie there.';
    return { source: await plainFolder(folder, limits), commit: null, prefix: '', note: () => note };
  }
  if (repository === null) {
    const note = 'The folder is no git repository, so its files are taken as they lie there.';
    return { source: await plainFolder(folder, limits), commit: null, prefix: '', note: () => note };
  }
  if (!repository.hasWorkingTree) {
    throw new BatonError(`The repository ${folder} has no working tree.`, {
      code: 'no-working-tree',
      next: 'Name a commit with --ref.',
    });
  }
  const commit = await commitOf(repository, 'HEAD');
  return {
    source: await workingTree(repository, commit, limits),
    commit,
    prefix: repository.prefix,
    note: (differing) => workingTreeNote(commit, differing),
  };
}

function workingTreeNote(commit: string | null, differing: number): string {
  if (commit === null) return 'The repository has no commit yet, so the working tree is taken as it is.';
  if (differing === 0) return `The working tree is taken, which is as in commit ${short(commit)}.`;
  const files = differing === 1 ? '1 file' : `${differing} files`;
  return `The working tree is taken as it is, which differs from commit ${short(commit)} in ${files}; --ref HEAD takes the commit.`;
}

async function sourceOfRef(repository: Repository, ref: string, limits: Limits): Promise<Chosen> {
  const commit = await commitOf(repository, ref);
  if (commit === null) {
    throw new BatonError(`The repository has no commit by the name ${ref}.`, {
      code: 'no-such-ref',
      next: 'Name a branch, a tag or a commit that `git log` shows; what is only on a server has to be fetched first.',
    });
  }
  const note = `Commit ${short(commit)} (${ref}) is taken, and not what lies in the working tree.`;
  return {
    source: await committedTree(repository, commit, limits),
    commit,
    prefix: repository.prefix,
    note: () => note,
  };
}

function requireRepository(found: Repository | null | 'no-git', folder: string): Repository {
  if (found === 'no-git') {
    throw new BatonError('There is no git on this machine, and --ref names a commit.', {
      code: 'no-git',
      next: 'Install git, or leave --ref out to take the files as they lie there.',
    });
  }
  if (found !== null) return found;
  throw new BatonError(`${folder} is no git repository, and --ref names a commit.`, {
    code: 'not-a-repository',
    next: 'Leave --ref out, or name a folder within a repository.',
  });
}

async function* readAgain(source: Source, tree: Tree): ReturnType<Snapshot['contents']> {
  const known = new Map(tree.map((file) => [file.path, file]));
  for await (const { path, file } of source.read(tree.map((each) => each.path))) {
    const before = known.get(path);
    if (before === undefined) continue;
    if (file.found !== 'file' || sha256Of(file.bytes) !== before.sha256) {
      throw new BatonError(`${path} was changed while the workspace was read.`, {
        code: 'workspace-changed',
        next: 'Try again when nothing writes to the folder.',
      });
    }
    yield { file: before, bytes: file.bytes };
  }
}
