import { BatonError, type WorkspaceInput, type WorkspaceMade } from '@baton/contracts';
import {
  type BlobStore,
  getTree,
  pathProblems,
  putFile,
  putTree,
  sha256Of,
  type Tree,
  type TreeFile,
  withFiles,
} from '@baton/workspace';
import type { DeliverableFile } from '../task/file-set.js';
import { invalidInput, type OrFailure } from '../task/or-failure.js';

/** The workspace of a task: what the run began from, and the version that this task begins from. */
export interface OpenWorkspace {
  readonly baseVersion: string;
  readonly base: Tree;
  readonly from: Tree;
  readonly store: BlobStore;
}

/** What a task leaves of it: the files that differ from the base, and the new version, which is stored. */
interface Delivered {
  readonly files: DeliverableFile[];
  readonly workspace: WorkspaceMade;
}

/**
 * Null where the task has none.
 *
 * @param made the version of an earlier round; without it the task begins from the base
 */
export async function openTaskWorkspace(
  { input, store }: { readonly input: WorkspaceInput | null; readonly store: BlobStore },
  made?: WorkspaceMade,
): Promise<OrFailure<OpenWorkspace | null>> {
  if (input === null) return { ok: true, value: null };
  try {
    const base = await getTree(store, input.tree);
    const from = made === undefined ? base : await getTree(store, made.tree);
    return { ok: true, value: { baseVersion: input.tree, base, from, store } };
  } catch (thrown) {
    if (!(thrown instanceof BatonError) || thrown.code !== 'workspace-not-found') throw thrown;
    return invalidInput(`${thrown.message} ${thrown.next ?? ''}`.trim());
  }
}

/** What keeps an answer from being laid over the workspace; nothing where there is none. */
export function workspaceProblems(
  workspace: OpenWorkspace | null,
  changed: readonly DeliverableFile[],
  removed: readonly string[] = [],
): readonly string[] {
  if (workspace === null) return [];
  const after = new Map(workspace.from.map(({ path, sha256 }) => [path, sha256]));
  for (const path of removed) after.delete(path);
  for (const { path, content } of changed) after.set(path, sha256Of(Buffer.from(content)));
  const { base } = workspace;
  const isAsBefore = after.size === base.length && base.every(({ path, sha256 }) => after.get(path) === sha256);
  return [...pathProblems(after.keys()), ...(isAsBefore ? ['nothing of the workspace would be changed'] : [])];
}

/** Lays files over the version that the task began from. @param files all that were ever changed, removed ones taken out */
export async function layOver(
  { base, baseVersion, from, store }: OpenWorkspace,
  files: readonly DeliverableFile[],
  removed: readonly string[] = [],
): Promise<Delivered> {
  const modes = new Map(from.map(({ path, mode }) => [path, mode]));
  const stored: TreeFile[] = [];
  for (const { path, content } of files) {
    stored.push({ path, mode: modes.get(path) ?? '100644', ...(await putFile(store, Buffer.from(content))) });
  }
  const tree = await putTree(store, withFiles(from, stored, removed));
  const ofBase = new Map(base.map(({ path, sha256 }) => [path, sha256]));
  const differing = new Set(stored.filter(({ path, sha256 }) => ofBase.get(path) !== sha256).map(({ path }) => path));
  return {
    files: files.filter(({ path }) => differing.has(path)),
    workspace: { base: baseVersion, tree },
  };
}
