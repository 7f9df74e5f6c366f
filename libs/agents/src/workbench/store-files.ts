import { type BlobStore, putFile, putTree, treeOf } from '@baton/workspace';
import type { DeliverableFile } from '../task/file-set.js';

/** Keeps files as a version, so that they can be named by it. @returns its hash */
export async function storeFiles(files: readonly DeliverableFile[], store: BlobStore): Promise<string> {
  const entries = [];
  for (const { path, content } of files)
    entries.push({ path, mode: '100644' as const, ...(await putFile(store, Buffer.from(content, 'utf8'))) });
  return putTree(store, treeOf(entries));
}
