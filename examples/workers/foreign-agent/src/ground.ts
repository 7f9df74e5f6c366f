import { type BlobStore, getTree, putFile, type Tree, treeOf } from '@baton/workspace';
import type { ForeignTask } from './task.ts';

/** What an agent begins from, and what its work is compared with. */
export interface Ground {
  readonly from: Tree;
  readonly base: Tree;
  /** Null where the task has no workspace: then all files are the result. */
  readonly baseVersion: string | null;
}

/** @throws BatonError `workspace-not-found`, `tree-invalid` */
export async function groundOf({ workspace, code, files }: ForeignTask, store: BlobStore): Promise<Ground> {
  if (workspace === null || workspace === undefined) {
    const given = await Promise.all(
      (code?.files ?? files).map(async ({ path, content }) => ({
        path,
        mode: '100644' as const,
        ...(await putFile(store, Buffer.from(content))),
      })),
    );
    return { from: treeOf(given), base: [], baseVersion: null };
  }
  const baseVersion = workspace.base ?? workspace.tree;
  const fromVersion = code?.workspace?.tree ?? workspace.tree;
  const base = await getTree(store, baseVersion);
  return { base, baseVersion, from: fromVersion === baseVersion ? base : await getTree(store, fromVersion) };
}
