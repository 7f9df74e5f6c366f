import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openAdmission } from '../snapshot/admit.js';
import { type IgnoreRules, ignoreRules, isIgnored } from '../snapshot/ignore-rules.js';
import { DEFAULT_LIMITS, type LeftOut, type Limits, refuseTooLarge, refuseTooMany } from '../snapshot/limits.js';
import { fileReader, unreadableReason } from '../snapshot/read-file.js';
import { type BlobStore, getFile, putFile } from '../tree/blob-store.js';
import { foldersAbove } from '../tree/folders-above.js';
import { type Tree, type TreeFile, treeOf } from '../tree/tree.js';
import { type Stamps, stampOf } from './materialise.js';

export interface ReadBackOptions {
  readonly store: BlobStore;
  /** What `materialise` gave: files that lie as they were written are not read again. Without it all are. */
  readonly stamps?: Stamps;
  readonly limits?: Limits;
}

const SKIPPED = new Set(['.git', 'node_modules']);

/**
 * The tree of what lies in a folder now, which was made from `base`. New files are stored. Links are not followed; what the
 * .gitignore files of the base ignore stays out, but for files of the base itself. What cannot be read stays as it was in the
 * base, and is named.
 *
 * @throws BatonError `workspace-too-large`; what the file system says where the folder itself cannot be read
 */
export async function readBack(
  folder: string,
  base: Tree,
  { store, stamps = new Map(), limits = DEFAULT_LIMITS }: ReadBackOptions,
): Promise<{ readonly tree: Tree; readonly leftOut: readonly LeftOut[] }> {
  const known = new Map(base.map((file) => [file.path, file]));
  const rules = await rulesOf(base, store);
  const admission = openAdmission(limits);
  const read = fileReader(folder, limits);
  const files: TreeFile[] = [];
  let bytes = 0;
  const { paths, unreadable, caches } = await pathsBelow(folder, base, rules, limits);
  for (const [path, reason] of unreadable) keep(path, reason);
  for (const path of caches) admission.leaveOut(path, 'it is a cache, as its CACHEDIR.TAG says');
  for (const path of paths) {
    const before = known.get(path);
    const file = before !== undefined && (await isUntouched(join(folder, path), before, stamps)) ? before : null;
    if (file === null && !admission.admitPath(path)) continue;
    const taken = file ?? (await take(path));
    if (taken === null) continue;
    bytes += taken.size;
    refuseTooLarge(bytes, limits);
    files.push(taken);
  }
  return { tree: treeOf(files), leftOut: admission.leftOut };

  /** That a path cannot be read does not say that its files were deleted: those of the base stay. */
  function keep(path: string, reason: string): void {
    admission.leaveOut(path, reason);
    files.push(...base.filter((file) => file.path === path || (path.endsWith('/') && file.path.startsWith(path))));
  }

  async function take(path: string): Promise<TreeFile | null> {
    const found = await read(path);
    if (found.found === 'unreadable') keep(path, found.reason);
    if (found.found === 'refused') admission.leaveOut(path, found.reason);
    if (found.found !== 'file' || !admission.admitContent(path, found.bytes)) return null;
    return { path, mode: found.mode, ...(await putFile(store, found.bytes)) };
  }
}

async function isUntouched(file: string, { path, mode }: TreeFile, stamps: Stamps): Promise<boolean> {
  const stamp = stamps.get(path);
  const info = stamp === undefined ? null : await lstat(file).catch(() => null);
  if (stamp === undefined || info === null || !info.isFile()) return false;
  const now = stampOf(info);
  const isSame = now.size === stamp.size && now.ctimeMs === stamp.ctimeMs && now.ino === stamp.ino;
  return isSame && ((info.mode & 0o111) === 0 ? '100644' : '100755') === mode;
}

/** Those of the base, from the outermost inwards: what runs in the folder could write others, to hide what it did. */
async function rulesOf(base: Tree, store: BlobStore): Promise<readonly IgnoreRules[]> {
  const found = base.filter(({ path }) => path === '.gitignore' || path.endsWith('/.gitignore'));
  const rules = await Promise.all(
    found.map(async (file) =>
      ignoreRules(file.path.slice(0, -'.gitignore'.length), (await getFile(store, file)).toString('utf8')),
    ),
  );
  return rules.sort((a, b) => a.below.length - b.below.length);
}

interface Found {
  readonly paths: readonly string[];
  readonly unreadable: ReadonlyMap<string, string>;
  /** New folders of tools, which are nobody's work. */
  readonly caches: readonly string[];
}

async function pathsBelow(folder: string, base: Tree, rules: readonly IgnoreRules[], limits: Limits): Promise<Found> {
  const ofBase = new Set(base.flatMap(({ path }) => [path, ...foldersAbove(path).map((folder) => `${folder}/`)]));
  const paths: string[] = [];
  const unreadable = new Map<string, string>();
  const caches: string[] = [];
  const walk = async (below: string, isOuterIgnored: boolean, depth: number): Promise<void> => {
    for (const path of await namesIn(folder, below, (reason) => unreadable.set(below, reason))) {
      const ignored = isOuterIgnored || isIgnored(path, rules);
      if (ignored && !ofBase.has(path)) continue;
      if (!path.endsWith('/')) paths.push(path);
      else if (!ofBase.has(path) && (await isCache(join(folder, path)))) caches.push(path);
      else if (depth < limits.depth) await walk(path, ignored, depth + 1);
      refuseTooMany(paths.length, limits);
    }
  };
  await walk('', false, 1);
  return { paths: paths.sort(), unreadable, caches };
}

/** How the file begins by which tools mark a folder as one that anybody may throw away: https://bford.info/cachedir/. */
const CACHE_TAG = Buffer.from('Signature: 8a477f597d28d172789f06886806bc55');

async function isCache(folder: string): Promise<boolean> {
  const tag = await fileReader(folder, DEFAULT_LIMITS)('CACHEDIR.TAG');
  return tag.found === 'file' && tag.bytes.subarray(0, CACHE_TAG.length).equals(CACHE_TAG);
}

/** Paths of what is in a folder, those of folders with a slash at the end. */
async function namesIn(
  folder: string,
  below: string,
  onUnreadable: (reason: string) => void,
): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((thrown: unknown) => {
    const reason = unreadableReason(thrown);
    if (reason !== null && below === '') throw thrown;
    if (reason !== null) onUnreadable(reason);
    return [];
  });
  return entries
    .filter(({ name }) => !SKIPPED.has(name))
    .map((entry) => `${below}${entry.name}${entry.isDirectory() ? '/' : ''}`);
}
