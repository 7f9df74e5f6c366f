import type { Tree, TreeFile } from './tree.js';

/** What became of one path between two trees. `mode`: the same bytes, which may be run now or no more. */
export interface FileChange {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed' | 'mode';
  readonly before: TreeFile | null;
  readonly after: TreeFile | null;
}

/** The paths that differ, in their order. Renames are a removal and an addition. */
export function diffTrees(a: Tree, b: Tree): readonly FileChange[] {
  const before = new Map(a.map((file) => [file.path, file]));
  const after = new Map(b.map((file) => [file.path, file]));
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths]
    .flatMap((path) => changeOf(path, before.get(path) ?? null, after.get(path) ?? null))
    .sort((x, y) => Buffer.compare(Buffer.from(x.path), Buffer.from(y.path)));
}

function changeOf(path: string, before: TreeFile | null, after: TreeFile | null): readonly FileChange[] {
  if (before === null) return [{ path, kind: 'added', before, after }];
  if (after === null) return [{ path, kind: 'removed', before, after }];
  if (before.sha256 !== after.sha256) return [{ path, kind: 'changed', before, after }];
  return before.mode === after.mode ? [] : [{ path, kind: 'mode', before, after }];
}
