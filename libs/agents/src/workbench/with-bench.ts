import { openRunFolder } from '@baton/sandbox';
import { type BlobStore, materialise, type Tree, textOf } from '@baton/workspace';
import { type DeliverableFile, fileSetProblems } from '../task/file-set.js';
import { openWorkbench, type Workbench } from './workbench.js';
import { writeFiles } from './write-files.js';

/** What lies on a bench when work begins: a version of a workspace, or files that came with the task. */
export type Ground =
  | { readonly type: 'files'; readonly files: readonly DeliverableFile[] }
  | { readonly type: 'tree'; readonly tree: Tree };

/** Lets work be done in a fresh folder, which is gone afterwards, whatever came of it. */
export type WithBench = <T>(ground: Ground, work: (bench: Workbench) => Promise<T>) => Promise<T>;

export interface BenchSettings {
  /** The folder in which each task gets its own. */
  readonly tmpDir: string;
  readonly store: BlobStore;
  readonly now: () => Date;
}

export const benchesIn =
  ({ tmpDir, store, now }: BenchSettings): WithBench =>
  async (ground, work) => {
    const folder = await openRunFolder(tmpDir, now());
    try {
      if (ground.type === 'files') {
        await writeFiles(folder.work, ground.files);
        return await work(openWorkbench(folder.work, store));
      }
      const stamps = await materialise(ground.tree, folder.work, store);
      return await work(openWorkbench(folder.work, store, stamps));
    } finally {
      await folder.remove();
    }
  };

/** The text files of a bench, and what keeps them from being handed on as they are. */
export async function textFilesOf(bench: Workbench): Promise<{
  readonly files: DeliverableFile[];
  readonly problems: readonly string[];
}> {
  const paths = (await bench.files()).map(({ path }) => path);
  const files = await textsOf(bench, paths);
  return { files, problems: fileSetProblems(files) };
}

/** Those of these files that are text. */
export async function textsOf(bench: Workbench, paths: readonly string[]): Promise<DeliverableFile[]> {
  const files: DeliverableFile[] = [];
  for (const path of paths) {
    const found = await bench.read(path);
    const content = found.ok ? textOf(found.bytes) : null;
    if (content !== null) files.push({ path, content });
  }
  return files;
}
