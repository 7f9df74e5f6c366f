import { BatonError } from '@baton/contracts';
import { z } from 'zod';
import { type BlobStore, sha256Of } from './blob-store.js';
import { pathProblems } from './path-problem.js';

/** What a workspace may hold at most: files, and bytes in one and in all of them. */
export const MAX_FILES = 20_000;
export const MAX_FILE_BYTES = 5 * 1024 * 1024;
export const MAX_TOTAL_BYTES = 100 * 1024 * 1024;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 as 64 hexadecimal digits');

/** As git has them: a file, or a file that may be run. */
const FileMode = z.enum(['100644', '100755']);
export type FileMode = z.infer<typeof FileMode>;

/** One file of a workspace: its path below the root, with `/` between its parts, and where its bytes are. */
const TreeFile = z.strictObject({
  path: z.string(),
  mode: FileMode,
  sha256: Sha256,
  size: z.int().nonnegative().max(MAX_FILE_BYTES),
});
export type TreeFile = Readonly<z.infer<typeof TreeFile>>;

/** A version of a workspace: its files, sorted by the bytes of their paths, each path once. Folders are in the paths alone. */
export type Tree = readonly TreeFile[];

const Files = z.array(TreeFile).max(MAX_FILES);

const byPath = (a: TreeFile, b: TreeFile): number => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));

/** @throws BatonError `tree-invalid` for paths that cannot stand beside each other in a folder */
export function treeOf(files: Iterable<TreeFile>): Tree {
  const tree = [...files].sort(byPath);
  const [problem] = pathProblems(tree.map(({ path }) => path));
  if (problem === undefined) return tree;
  throw new BatonError(`The files are no tree: ${problem}.`, { code: 'tree-invalid', next: 'Rename what is named.' });
}

/** The one text of a tree, by whose hash it is known. */
function canonicalText(tree: Tree): string {
  return JSON.stringify(tree.map(({ mode, path, sha256, size }) => ({ mode, path, sha256, size })));
}

/** The SHA-256 (hex) of the text of a tree. */
export const versionOf = (tree: Tree): string => sha256Of(Buffer.from(canonicalText(tree)));

/** Stores the text of a tree; its files must be there. Gives its version. */
export async function putTree(store: BlobStore, tree: Tree): Promise<string> {
  const { sha256 } = await store.put(Buffer.from(canonicalText(tree)));
  return sha256;
}

/** @throws BatonError `workspace-not-found` where no tree has that version, or what has it is no tree */
export async function getTree(store: BlobStore, version: string): Promise<Tree> {
  const bytes = await store.get(version).catch((thrown: unknown) => {
    throw thrown instanceof BatonError && thrown.code === 'blob-missing' ? notFound(version) : thrown;
  });
  const tree = parseTree(bytes);
  if (tree === null || !Buffer.from(canonicalText(tree)).equals(bytes)) throw notFound(version);
  return tree;
}

function parseTree(bytes: Buffer): Tree | null {
  try {
    const tree = Files.parse(JSON.parse(bytes.toString('utf8')));
    const isSorted = tree.every((file, at) => at === 0 || byPath(tree[at - 1] ?? file, file) < 0);
    return isSorted && pathProblems(tree.map(({ path }) => path)).length === 0 ? tree : null;
  } catch {
    return null; // Any blob can be asked for by its hash; most are no trees.
  }
}

const notFound = (version: string): BatonError =>
  new BatonError(`There is no workspace ${version.slice(0, 64)}.`, {
    code: 'workspace-not-found',
    next: 'Upload it first, with `baton run submit --workspace DIR` or POST /v1/workspaces.',
  });

/** Lays files over a tree: what is given replaces or adds, what is named goes. */
export function withFiles(tree: Tree, changed: Iterable<TreeFile>, removed: Iterable<string> = []): Tree {
  const files = new Map(tree.map((file) => [file.path, file]));
  for (const path of removed) files.delete(path);
  for (const file of changed) files.set(file.path, file);
  return treeOf(files.values());
}
