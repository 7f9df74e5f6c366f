import { extname } from 'node:path';
import { type BlobStore, getFile, getTree, type Tree, type TreeFile } from '@baton/workspace';
import type { DeliverableFile } from '../../task/file-set.js';

/** What the tools look into. */
const CODE = new Set(['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json', '.py']);
/** Of a larger workspace only what was changed is looked into; all of it lies there for the tests. */
const MAX_CODE_FILES = 2_000;
const MAX_CODE_BYTES = 20 * 1024 * 1024;

/** A version of a workspace as the tools see it: its tree, and its files with the text of those that are code. */
export async function openWhole(
  version: string,
  changed: readonly DeliverableFile[],
  store: BlobStore,
): Promise<{ readonly tree: Tree; readonly files: readonly DeliverableFile[] }> {
  const tree = await getTree(store, version);
  const code = tree.filter(({ path }) => CODE.has(extname(path)));
  const isSmall = code.length <= MAX_CODE_FILES && code.reduce((sum, { size }) => sum + size, 0) <= MAX_CODE_BYTES;
  if (!isSmall) return { tree, files: changed };
  const read = async (file: TreeFile): Promise<DeliverableFile> => ({
    path: file.path,
    content: (await getFile(store, file)).toString('utf8'),
  });
  const files: DeliverableFile[] = [];
  for (const file of code) files.push(await read(file));
  return { tree, files };
}
