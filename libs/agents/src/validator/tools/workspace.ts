import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRunFolder, type ReadOnlyPlace, type RunFolder } from '@baton/sandbox';

/** The folder of one run of the tools, with the deliverable's files in `work`. */
export interface Workspace {
  readonly folder: RunFolder;
  /** Says that code without a package.json of its own is ESM; lies above `work`. */
  readonly packageFile: string;
  /** What the tools are made of. */
  readonly toolchain: readonly ReadOnlyPlace[];
}

/**
 * The folder of one run of the tools. Whoever opens it removes it.
 *
 * @param fill puts the deliverable into the folder's `work`, which is there and empty
 */
export async function openWorkspace(
  fill: (folder: RunFolder) => Promise<unknown>,
  toolchain: readonly ReadOnlyPlace[],
  parent: string,
  now: Date,
): Promise<Workspace> {
  const folder = await openRunFolder(parent, now);
  const packageFile = join(folder.root, 'package.json');
  try {
    await writeForAll(packageFile, '{ "type": "module" }\n');
    await fill(folder);
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
