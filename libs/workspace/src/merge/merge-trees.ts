import { diff3Merge } from 'node-diff3';
import { type BlobStore, getFile, putFile } from '../tree/blob-store.js';
import { foldersAbove } from '../tree/folders-above.js';
import { foldPath } from '../tree/path-problem.js';
import { comparableText, linesOf } from '../tree/text.js';
import { type Tree, type TreeFile, treeOf } from '../tree/tree.js';

/**
 * A path that two sides changed in ways that do not go together. `content`: the same lines; `whole`: files that cannot be
 * merged by lines; `removed`: one side changed what the other removed; `place`: a file where the other has a folder.
 */
export interface Conflict {
  readonly path: string;
  readonly kind: 'content' | 'whole' | 'removed' | 'place';
  readonly base: TreeFile | null;
  readonly ours: TreeFile | null;
  readonly theirs: TreeFile | null;
}

export interface Merged {
  /** At the paths of conflicts stands what our side has. */
  readonly tree: Tree;
  readonly conflicts: readonly Conflict[];
}

/** A three-way merge, file by file and within texts by lines. Stores the texts that it makes; writes over nothing. */
export async function mergeTrees(base: Tree, ours: Tree, theirs: Tree, store: BlobStore): Promise<Merged> {
  const [b, o, t] = [base, ours, theirs].map((tree) => new Map(tree.map((file) => [file.path, file])));
  const paths = new Set([base, ours, theirs].flatMap((tree) => tree.map(({ path }) => path)));
  const files = new Map<string, TreeFile>();
  const conflicts: Conflict[] = [];
  for (const path of paths) {
    const sides = { path, base: b?.get(path) ?? null, ours: o?.get(path) ?? null, theirs: t?.get(path) ?? null };
    const merged = await mergeFile(sides, store);
    if ('kind' in merged) conflicts.push({ ...sides, kind: merged.kind });
    const file = 'kind' in merged ? sides.ours : merged.file;
    if (file !== null) files.set(path, file);
  }
  conflicts.push(...clearPlaces(files, { b: b ?? new Map(), o: o ?? new Map(), t: t ?? new Map() }));
  return { tree: treeOf(files.values()), conflicts: conflicts.sort((x, y) => (x.path < y.path ? -1 : 1)) };
}

type Sides = Omit<Conflict, 'kind'>;
type MergedFile = { readonly file: TreeFile | null } | { readonly kind: Conflict['kind'] };

const isSame = (a: TreeFile | null, b: TreeFile | null): boolean =>
  a === b || (a !== null && b !== null && a.sha256 === b.sha256 && a.mode === b.mode);

async function mergeFile({ base, ours, theirs, path }: Sides, store: BlobStore): Promise<MergedFile> {
  if (isSame(ours, theirs) || isSame(theirs, base)) return { file: ours };
  if (isSame(ours, base)) return { file: theirs };
  if (ours === null || theirs === null) return { kind: 'removed' };
  const mode = ours.mode === base?.mode ? theirs.mode : ours.mode;
  if (ours.sha256 === theirs.sha256 || theirs.sha256 === base?.sha256) return { file: { ...ours, mode } };
  if (ours.sha256 === base?.sha256) return { file: { ...theirs, mode } };
  const before = base === null ? Buffer.alloc(0) : await getFile(store, base);
  const texts = [await getFile(store, ours), before, await getFile(store, theirs)].map(comparableText);
  const [ourText, baseText, theirText] = texts;
  if (ourText == null || baseText == null || theirText == null) return { kind: 'whole' };
  const [a, o, b] = [linesOf(ourText), linesOf(baseText), linesOf(theirText)];
  if (!isComparable(a, o) || !isComparable(b, o)) return { kind: 'whole' };
  const merged = diff3Merge([...a], [...o], [...b], { excludeFalseConflicts: true });
  if (merged.some(({ conflict }) => conflict !== undefined)) return { kind: 'content' };
  const text = merged.flatMap(({ ok }) => ok ?? []).join('');
  // A line without its end may only be the last one.
  if (linesOf(text).length !== merged.reduce((sum, { ok }) => sum + (ok?.length ?? 0), 0)) return { kind: 'content' };
  return { file: { path, mode, ...(await putFile(store, Buffer.from(text, 'utf8'))) } };
}

/** The work of a comparison grows with how often each line of one text is in the other: a text of equal lines has no end. */
const MAX_PAIRS = 2_000_000;

function isComparable(a: readonly string[], b: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const line of b) counts.set(line, (counts.get(line) ?? 0) + 1);
  let pairs = 0;
  for (const line of a) pairs += counts.get(line) ?? 0;
  return pairs <= MAX_PAIRS;
}

type SideMaps = Readonly<Record<'b' | 'o' | 't', ReadonlyMap<string, TreeFile>>>;

/** Two sides can each be sound and together have a file and a folder of one name, or two names that some disks take for one. */
function clearPlaces(files: Map<string, TreeFile>, { b, o, t }: SideMaps): readonly Conflict[] {
  const ours = new Map([...files.keys()].filter((path) => o.has(path)).map((path) => [foldPath(path), path]));
  const folders = new Set([...ours.keys()].flatMap(foldersAbove));
  const misplaced = [...files.keys()].filter((path) => {
    if (o.has(path)) return false;
    const folded = foldPath(path);
    return ours.has(folded) || folders.has(folded) || foldersAbove(folded).some((folder) => ours.has(folder));
  });
  return misplaced.map((path) => {
    files.delete(path);
    return { path, kind: 'place', base: b.get(path) ?? null, ours: null, theirs: t.get(path) ?? null };
  });
}
