import { DEFAULT_LIMITS, refuseTooLarge, refuseTooMany } from '../snapshot/limits.js';
import type { BlobStore } from '../tree/blob-store.js';
import { getTree, putTree, type Tree } from '../tree/tree.js';
import { mergeTrees } from './merge-trees.js';
import { type ShownConflict, showConflicts } from './show-conflicts.js';

/** Versions of a workspace: what both sides began from, what this run made of it, and what others landed since. */
export interface ThreeVersions {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface MergedVersion {
  readonly version: string;
  readonly tree: Tree;
  /** What others landed, on which the merge stands. */
  readonly theirs: Tree;
  /** Empty where all goes together. Else both sides of each stand in the tree. */
  readonly conflicts: readonly ShownConflict[];
}

/**
 * Merges two versions, and stores what comes of it. The same versions give the same one.
 *
 * @throws BatonError `workspace-not-found`; `workspace-too-large` where both together are more than a workspace may hold
 */
export async function mergeVersions({ base, ours, theirs }: ThreeVersions, store: BlobStore): Promise<MergedVersion> {
  const [b, o, t] = [await getTree(store, base), await getTree(store, ours), await getTree(store, theirs)];
  const { tree, shown } = await showConflicts(await mergeTrees(b, o, t, store), store);
  refuseTooMany(tree.length, DEFAULT_LIMITS);
  refuseTooLarge(
    tree.reduce((sum, { size }) => sum + size, 0),
    DEFAULT_LIMITS,
  );
  return { version: await putTree(store, tree), tree, theirs: t, conflicts: shown };
}
