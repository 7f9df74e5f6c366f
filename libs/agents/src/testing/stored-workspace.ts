import { type BlobStore, putFile, putTree, treeOf } from '@baton/workspace';

/** Stores files as a version of a workspace. For tests. */
export async function storedWorkspace(store: BlobStore, files: Readonly<Record<string, string>>): Promise<string> {
  const stored = Object.entries(files).map(async ([path, content]) => ({
    ...{ path, mode: '100644' as const },
    ...(await putFile(store, Buffer.from(content))),
  }));
  return putTree(store, treeOf(await Promise.all(stored)));
}
