import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { BatonError, toError, type WorkspaceMade } from '@baton/contracts';
import { diffTrees, type FileChange, type Tree, type TreeFile } from '@baton/workspace';
import type { Context } from '../../context.js';
import { UsageError } from '../../exit-codes.js';
import type { Gateway } from '../../gateway/gateway.js';
import { isCutOff, openStaging, type Staging, stagingIn } from './staging.js';
import { filesOf, getTreeFiles } from './versions.js';

export interface WrittenFiles {
  readonly outDir: string;
  readonly files: readonly string[];
}

/**
 * Writes what a run made of its workspace to a folder: all of it where the folder is new or empty; else what the run changed,
 * and only where what lies there is what the run began from. Throws UsageError that names what is otherwise, and then has
 * written nothing.
 */
export async function writeWorkspace(
  context: Context,
  gateway: Gateway,
  { base, tree: version }: WorkspaceMade,
  out: string,
): Promise<WrittenFiles> {
  const { interrupted: signal } = context;
  const outDir = resolve(context.env.workingDirectory, out);
  const tree = await getTreeFiles(gateway, version, signal);
  const staging = stagingIn(
    outDir,
    tree.map(({ path }) => path),
  );
  const isFresh = (await isEmpty(outDir)) || (await isCutOff(staging, version));
  const before = isFresh ? [] : await getTreeFiles(gateway, base, signal);
  const changes = await toDo(outDir, diffTrees(before, tree), tree);
  try {
    const fresh = await openStaging(staging, isFresh ? version : null);
    const wanted = new Map(changes.flatMap(({ path, after }) => (after === null ? [] : [[path, after] as const])));
    for await (const { path, bytes } of filesOf(gateway, version, isFresh ? null : base, signal)) {
      const file = wanted.get(path);
      if (file !== undefined) await put(fresh, join(outDir, path), bytes, file);
    }
    for (const { path, after } of changes) if (after === null) await rm(join(outDir, path), { force: true });
    await fresh.close();
  } catch (thrown) {
    if (thrown instanceof BatonError) throw thrown;
    throw new BatonError(`The files cannot be written to ${outDir} (${toError(thrown).message}).`, {
      code: 'out-not-writable',
      next: 'Check the folder and its permissions, or name another one with --out.',
      cause: thrown,
    });
  }
  return { outDir, files: changes.filter(({ after }) => after !== null).map(({ path }) => path) };
}

/** Whether nothing is in a folder, or it is not there. */
export async function isEmpty(folder: string): Promise<boolean> {
  const entries = await readdir(folder).catch((thrown: unknown) => {
    const error = toError(thrown);
    if ('code' in error && error.code === 'ENOENT') return [];
    throw new UsageError(`${folder} cannot be used as a folder (${error.message}).`, 'Name another one.', error);
  });
  return entries.length === 0;
}

/** The changes that are not there already. Throws UsageError for those that would take something of the user's. */
async function toDo(folder: string, changes: readonly FileChange[], tree: Tree): Promise<readonly FileChange[]> {
  const open: FileChange[] = [];
  const conflicts: string[] = [];
  for (const change of changes) {
    const { path, before, after } = change;
    const found = await lookAt(folder, path);
    if (isFile(found, after) || (found === null && after === null)) continue;
    if (found === null || isFile(found, before)) open.push(change);
    else conflicts.push(path);
  }
  if (conflicts.length === 0) return open;
  const named = conflicts.slice(0, 5).join(', ') + (conflicts.length > 5 ? ` and ${conflicts.length - 5} more` : '');
  const what = conflicts.length === 1 ? 'is neither what the run began from' : 'are neither what the run began from';
  throw new UsageError(
    `${named} in ${folder} ${what} nor what it made of it; nothing was written.`,
    `Use --branch NAME or --patch, or write all ${tree.length} files to another folder.`,
  );
}

/** The hash of what lies at a path, null where nothing does, `other` for what is no file of the folder's own. */
async function lookAt(folder: string, path: string): Promise<string | null> {
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const info = await lstat(join(folder, ...parts.slice(0, depth))).catch(() => null);
    if (info === null) return null;
    const isLast = depth === parts.length;
    if (isLast ? !info.isFile() : !info.isDirectory()) return 'other';
  }
  return createHash('sha256')
    .update(await readFile(join(folder, path)))
    .digest('hex');
}

const isFile = (found: string | null, file: TreeFile | null): boolean => file !== null && found === file.sha256;

async function put(staging: Staging, target: string, bytes: Buffer, { mode }: TreeFile): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await staging.place(target, bytes, mode === '100755' ? 0o755 : 0o644);
}
