import { execFile } from 'node:child_process';
import { chmod, chown, lchown, lstat, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { accountOfCommands } from './account.js';
import { isStillRunning, nameOfProcess } from './process-name.js';

/**
 * The folder of one run, under the temporary folder:
 *
 *     <root>/work/   what commands work on; they find it at /work, and can write nothing else of this machine
 *     <root>/own/    what they may read of ours, and we write between commands
 *     <root>/tmp/    their temporary folder and home, where the driver is `none`
 */
export interface RunFolder {
  readonly root: string;
  readonly work: string;
  readonly own: string;
  readonly tmp: string;
  /** Gives what lies in them to the user that commands run as. */
  handOver(): Promise<void>;
  remove(): Promise<void>;
}

const PREFIX = 'baton-run-';

/** Makes a folder, and removes first what killed processes left behind: theirs at once, unknown ones after six hours. */
export async function openRunFolder(parent: string, now: Date): Promise<RunFolder> {
  const base = await realpath(parent);
  await removeStale(base, now);
  const root = await mkdtemp(join(base, `${PREFIX}${nameOfProcess()}-`));
  const [work, own, tmp] = [join(root, 'work'), join(root, 'own'), join(root, 'tmp')];
  const account = accountOfCommands();
  const handOver = async (): Promise<void> => {
    if (account === null) return;
    for (const folder of [work, own, tmp]) {
      await chown(folder, account.uid, account.gid);
      for (const entry of await readdir(folder, { recursive: true }))
        await lchown(join(folder, entry), account.uid, account.gid);
    }
  };
  try {
    for (const folder of [work, own, tmp]) await mkdir(folder);
    await chmod(root, account === null ? 0o700 : 0o711);
  } catch (error) {
    await removeTree(root);
    throw error;
  }
  return { root, work, own, tmp, handOver, remove: () => removeTree(root) };
}

async function removeStale(base: string, now: Date): Promise<void> {
  for (const name of await readdir(base)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(base, name);
    const info = await lstat(path).catch(() => null);
    if (info?.isDirectory() !== true || info.uid !== process.getuid?.()) continue;
    if (!isStillRunning(name.slice(PREFIX.length), info.mtimeMs, now)) await removeTree(path);
  }
}

/** Names that are deeper than a path can be long are for `rm`; rights that a command took away are given back first. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await promisify(execFile)('chmod', ['-R', 'u+rwX', path]).catch(() => {}); // What it cannot mend, `rm` names.
    await promisify(execFile)('rm', ['-rf', '--', path]);
  }
}
