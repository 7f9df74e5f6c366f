import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openRunFolder, type ReadOnlyPlace, type RunFolder } from '@baton/sandbox';
import type { DeliverableFile } from '../../task/file-set.js';

/** The folder of one run of the tools, with the deliverable's files in `work`. */
export interface Workspace {
  readonly folder: RunFolder;
  /** Says that code without a package.json of its own is ESM; lies above `work`. */
  readonly packageFile: string;
  /** What the tools are made of. */
  readonly toolchain: readonly ReadOnlyPlace[];
}

/** `files` must have been checked by `fileSetProblems`: their paths are trusted here. Whoever opens it removes its folder. */
export async function openWorkspace(
  files: readonly DeliverableFile[],
  toolchain: readonly ReadOnlyPlace[],
  parent: string,
  now: Date,
): Promise<Workspace> {
  const folder = await openRunFolder(parent, now);
  const packageFile = join(folder.root, 'package.json');
  try {
    await writeForAll(packageFile, '{ "type": "module" }\n');
    for (const { path, content } of files) {
      await mkdir(dirname(join(folder.work, path)), { recursive: true });
      await writeFile(join(folder.work, path), content);
    }
    await folder.handOver();
  } catch (error) {
    await folder.remove();
    throw error;
  }
  return { folder, packageFile, toolchain };
}

/** For whoever the commands run as, whatever the umask of the service is. */
export async function writeForAll(path: string, content: string): Promise<void> {
  await writeFile(path, content);
  await chmod(path, 0o644);
}
