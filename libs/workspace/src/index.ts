export { commitToBranch, type Round } from './commit/commit-to-branch.js';
export { createRepository } from './commit/create-repository.js';
export { materialise, type Stamps } from './folder/materialise.js';
export { readBack } from './folder/read-back.js';
export { mergeVersions } from './merge/merge-versions.js';
export { openConflicts, type ShownConflict } from './merge/show-conflicts.js';
export { patchParts } from './patch/patch-of.js';
export type { LeftOut } from './snapshot/limits.js';
export { fileReader } from './snapshot/read-file.js';
export { secretByName, secretInContent } from './snapshot/secrets.js';
export { type Snapshot, snapshotFolder } from './snapshot/snapshot-folder.js';
export { packFiles } from './tar/pack-tree.js';
export { readArchive } from './tar/read-archive.js';
export { type UnpackedFile, unpackFiles } from './tar/unpack-files.js';
export { type BlobStore, getFile, putFile, type StoredBytes, sha256Of } from './tree/blob-store.js';
export { diffTrees, type FileChange } from './tree/diff-trees.js';
export { pathProblem, pathProblems } from './tree/path-problem.js';
export { textOf } from './tree/text.js';
export {
  getTree,
  MAX_FILE_BYTES,
  putTree,
  type Tree,
  type TreeFile,
  treeOf,
  withFiles,
} from './tree/tree.js';
