import { type GitSettings, gitOutput } from '../git/run-git.js';
import type { BlobStore } from '../tree/blob-store.js';
import type { Tree } from '../tree/tree.js';
import { commitToBranch } from './commit-to-branch.js';

export interface RepositoryOptions extends GitSettings {
  /** It holds the files of the tree, and is in no repository of its own yet. */
  readonly folder: string;
  readonly branch: string;
  readonly tree: Tree;
  readonly store: BlobStore;
  readonly subject: string;
  readonly at: Date;
}

/**
 * Makes a folder a git repository of its own, with what lies in it as the one commit of a branch. Nothing of the user's
 * templates for repositories, such as hooks, gets into it.
 *
 * @returns the id of the commit
 * @throws BatonError `no-git`, `git-failed`
 */
export async function createRepository(options: RepositoryOptions): Promise<string> {
  const { folder, branch, tree, store, subject, at, searchPath, home } = options;
  const settings = { searchPath, home };
  const git = (...args: readonly string[]) => gitOutput({ ...settings, folder, args });
  await git('init', '--quiet', '--template=');
  await git('symbolic-ref', 'HEAD', `refs/heads/${branch}`);
  const rounds = [{ before: [], after: tree, subject, trailers: [], at }];
  const commit = await commitToBranch({ ...settings, folder, prefix: '', branch, base: null, rounds, store });
  await git('read-tree', commit);
  return commit;
}
