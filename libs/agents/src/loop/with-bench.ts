import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openRunFolder } from '@baton/sandbox';
import { type DeliverableFile, fileSetProblems } from '../task/file-set.js';
import { textOf } from './tools/look.js';
import { type Contents, openWorkbench, type Workbench } from './workbench.js';

/** Lets work be done in a fresh folder with these files, which is gone afterwards, whatever came of it. */
export type WithBench = <T>(files: readonly DeliverableFile[], work: (bench: Workbench) => Promise<T>) => Promise<T>;

export interface BenchSettings {
  /** The folder in which each task gets its own. */
  readonly tmpDir: string;
  readonly contents: Contents;
  readonly now: () => Date;
}

export const benchesIn =
  ({ tmpDir, contents, now }: BenchSettings): WithBench =>
  async (files, work) => {
    const folder = await openRunFolder(tmpDir, now());
    try {
      for (const { path, content } of files) {
        await mkdir(dirname(join(folder.work, path)), { recursive: true });
        await writeFile(join(folder.work, path), content);
      }
      return await work(await openWorkbench(folder.work, contents));
    } finally {
      await folder.remove();
    }
  };

/** The text files of a bench, and what keeps them from being handed on as they are. */
export async function textFilesOf(bench: Workbench): Promise<{
  readonly files: readonly DeliverableFile[];
  readonly problems: readonly string[];
}> {
  const files: DeliverableFile[] = [];
  for (const { path } of await bench.files()) {
    const found = await bench.read(path);
    const content = found.ok ? textOf(found.bytes) : null;
    if (content !== null) files.push({ path, content });
  }
  return { files, problems: fileSetProblems(files) };
}
