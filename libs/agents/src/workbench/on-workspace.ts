import { BatonError, type WorkspaceInput, type WorkspaceMade } from '@baton/contracts';
import { type BlobStore, diffTrees, getTree, putTree, readBack, type Tree } from '@baton/workspace';
import { type DeliverableFile, fileSetProblems } from '../task/file-set.js';
import { invalidInput, type OrFailure } from '../task/or-failure.js';
import { type Ground, textFilesOf, textsOf } from './with-bench.js';
import type { Workbench } from './workbench.js';

/** The workspace of a task: what the run began from, and the version that this task begins from. */
export interface OpenWorkspace {
  readonly baseVersion: string;
  readonly base: Tree;
  readonly from: Tree;
  readonly store: BlobStore;
}

/** What is on a bench, as a task hands it out: with a workspace the files that differ from its base, and the new version. */
interface Delivered {
  readonly files: DeliverableFile[];
  readonly workspace?: WorkspaceMade;
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

export const groundOf = (workspace: OpenWorkspace | null, files: readonly DeliverableFile[]): Ground =>
  workspace === null ? { type: 'files', files } : { type: 'tree', tree: workspace.from };

/** What is on a bench, and what keeps it from being handed out. */
interface Found {
  readonly delivered: Delivered;
  readonly problems: readonly string[];
  /** Nothing of the workspace would be changed. */
  readonly isAsBefore: boolean;
}

/** What is on the bench now, its version stored. */
export async function deliver(bench: Workbench, workspace: OpenWorkspace | null): Promise<Found> {
  if (workspace === null) {
    const { files, problems } = await textFilesOf(bench);
    return { delivered: { files }, problems, isAsBefore: files.length === 0 };
  }
  const { base, baseVersion, from, store } = workspace;
  const { tree, leftOut } = await readBack(bench.root, from, { store, stamps: bench.stamps });
  const changes = diffTrees(base, tree);
  const files = await textsOf(
    bench,
    changes.filter(({ after }) => after !== null).map(({ path }) => path),
  );
  return {
    delivered: { files, workspace: { base: baseVersion, tree: await putTree(store, tree) } },
    problems: [...fileSetProblems(files), ...(await lostFiles(bench, tree, leftOut))],
    isAsBefore: changes.length === 0,
  };
}

/** Files that lie there and would not be part of the version: whoever wrote them must know. */
async function lostFiles(
  bench: Workbench,
  tree: Tree,
  leftOut: readonly { readonly path: string; readonly reason: string }[],
): Promise<readonly string[]> {
  const kept = new Set(tree.map(({ path }) => path));
  const reasons = new Map(leftOut.map(({ path, reason }) => [path, reason]));
  return (await bench.files())
    .filter(({ path }) => !kept.has(path))
    .map(({ path }) => `${path} cannot be part of the result: ${reasons.get(path) ?? 'a .gitignore leaves it out'}`);
}
