import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BlobStore } from '../tree/blob-store.js';
import { putFile } from '../tree/blob-store.js';
import { type FileMode, type Tree, type TreeFile, treeOf } from '../tree/tree.js';

const run = promisify(execFile);

/** A folder of one test, and what a test does in it. */
export async function scratch(onTestFinished: (clean: () => Promise<void>) => void) {
  const root = await mkdtemp(join(tmpdir(), 'baton-workspace-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const at = (path: string): string => join(root, path);
  return {
    root,
    at,
    write: async (path: string, content: string | Buffer, mode = 0o644) => {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFile(at(path), content);
      await chmod(at(path), mode);
    },
    /** Git with settings of nobody, so that a test is the same on every machine. */
    git: async (folder: string, ...args: readonly string[]) => {
      const who = ['-c', 'user.name=Tester', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main'];
      const env = {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        HOME: root,
      };
      const { stdout } = await run('git', [...who, ...args], { cwd: at(folder), env });
      return stdout;
    },
  };
}

/** One hash of all that is in a folder, git's own files included: nothing in it was touched while that stays. */
export async function hashOfFolder(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }));
  for (const { entry, path } of paths.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(path);
    if (entry.isFile()) hash.update(await readFile(path));
    if (entry.isSymbolicLink()) hash.update(await readlink(path));
  }
  return hash.digest('hex');
}

type Content = string | Buffer | { readonly bytes: string | Buffer; readonly mode: FileMode };

/** A tree of these files, stored. */
export async function treeWith(store: BlobStore, files: Readonly<Record<string, Content>>): Promise<Tree> {
  const stored: TreeFile[] = [];
  for (const [path, content] of Object.entries(files)) {
    const { bytes, mode } =
      typeof content === 'string' || Buffer.isBuffer(content) ? { bytes: content, mode: '100644' as const } : content;
    stored.push({ path, mode, ...(await putFile(store, Buffer.from(bytes))) });
  }
  return treeOf(stored);
}
