import { BatonError, type WorkspaceInput, type WorkspaceMade } from '@baton/contracts';
import { type BlobStore, getTree, putTree, readBack, type Tree } from '@baton/workspace';
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
export interface Delivered {
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

/** What is on the bench now, its version stored, and what keeps it from being handed out. */
export async function deliver(
  bench: Workbench,
  workspace: OpenWorkspace | null,
): Promise<{ readonly delivered: Delivered; readonly problems: readonly string[] }> {
  if (workspace === null) {
    const { files, problems } = await textFilesOf(bench);
    const none = files.length === 0 ? ['there is no file: nothing would be left'] : [];
    return { delivered: { files }, problems: [...problems, ...none] };
  }
  const { base, baseVersion, from, store } = workspace;
  const { tree } = await readBack(bench.root, from, { store });
  const before = new Map(base.map((file) => [file.path, file]));
  const differing = tree.filter(({ path, sha256, mode }) => {
    const file = before.get(path);
    return file?.sha256 !== sha256 || file.mode !== mode;
  });
  const files = await textsOf(
    bench,
    differing.map(({ path }) => path),
  );
  const isAsBefore = differing.length === 0 && tree.length === base.length;
  return {
    delivered: { files, workspace: { base: baseVersion, tree: await putTree(store, tree) } },
    problems: [...fileSetProblems(files), ...(isAsBefore ? ['nothing of the workspace would be changed'] : [])],
  };
}
