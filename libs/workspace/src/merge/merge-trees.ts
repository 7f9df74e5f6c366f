import { type BlobStore, getFile, putFile } from '../tree/blob-store.js';
import { placesOf } from '../tree/places.js';
import { comparableText } from '../tree/text.js';
import { type FileMode, type Tree, type TreeFile, treeOf } from '../tree/tree.js';
import { mergeTexts, type Stretch } from './merge-texts.js';

/**
 * A path that two sides changed in ways that do not go together. `content`: the same lines; `whole`: files that cannot be
 * merged by lines; `removed`: one side changed what the other removed; `place`: a file where the other has a folder, or a
 * name that some disks take for another.
 */
export interface Conflict {
  readonly path: string;
  readonly kind: 'content' | 'whole' | 'removed' | 'place';
  readonly base: TreeFile | null;
  readonly ours: TreeFile | null;
  readonly theirs: TreeFile | null;
  /** Of `content`: the whole of the text, and where its sides do not go together. */
  readonly stretches?: readonly Stretch[];
}

export interface Merged {
  /** At the paths of conflicts stands what our side has. */
  readonly tree: Tree;
  readonly conflicts: readonly Conflict[];
}

/** A three-way merge, file by file and within texts by lines. Stores the texts that it makes; writes over nothing. */
export async function mergeTrees(base: Tree, ours: Tree, theirs: Tree, store: BlobStore): Promise<Merged> {
  const [b, o, t] = [byPath(base), byPath(ours), byPath(theirs)];
  const files = new Map<string, TreeFile>();
  const conflicts: Conflict[] = [];
  for (const path of new Set([...b.keys(), ...o.keys(), ...t.keys()])) {
    const sides = { path, base: b.get(path) ?? null, ours: o.get(path) ?? null, theirs: t.get(path) ?? null };
    const merged = await mergeFile(sides, store);
    if ('kind' in merged) conflicts.push({ ...sides, ...merged });
    const file = 'kind' in merged ? sides.ours : merged.file;
    if (file !== null) files.set(path, file);
  }
  conflicts.push(...clearPlaces(files, { b, o, t }));
  return { tree: treeOf(files.values()), conflicts: conflicts.sort((x, y) => (x.path < y.path ? -1 : 1)) };
}

const byPath = (tree: Tree): ReadonlyMap<string, TreeFile> => new Map(tree.map((file) => [file.path, file]));

type Sides = Pick<Conflict, 'path' | 'base' | 'ours' | 'theirs'>;
type MergedFile = { readonly file: TreeFile | null } | Pick<Conflict, 'kind' | 'stretches'>;

const isSame = (a: TreeFile | null, b: TreeFile | null): boolean =>
  a === b || (a !== null && b !== null && a.sha256 === b.sha256 && a.mode === b.mode);

async function mergeFile({ base, ours, theirs, path }: Sides, store: BlobStore): Promise<MergedFile> {
  if (isSame(ours, theirs) || isSame(theirs, base)) return { file: ours };
  if (isSame(ours, base)) return { file: theirs };
  if (ours === null || theirs === null) return { kind: 'removed' };
  const mode = mergeModes(base, ours, theirs);
  if (ours.sha256 === theirs.sha256 || theirs.sha256 === base?.sha256) return { file: { ...ours, mode } };
  if (ours.sha256 === base?.sha256) return { file: { ...theirs, mode } };
  const before = base === null ? Buffer.alloc(0) : await getFile(store, base);
  const texts = [await getFile(store, ours), before, await getFile(store, theirs)].map(comparableText);
  const [ourText, baseText, theirText] = texts;
  if (ourText == null || baseText == null || theirText == null) return { kind: 'whole' };
  const stretches = mergeTexts(ourText, baseText, theirText);
  if (stretches === null) return { kind: 'whole' };
  if (stretches.some((each) => !('ok' in each))) return { kind: 'content', stretches };
  const text = stretches.flatMap((each) => ('ok' in each ? each.ok : [])).join('');
  return { file: { path, mode, ...(await putFile(store, Buffer.from(text, 'utf8'))) } };
}

/** There are two modes, so two sides that changed one made it the same. Where both added the file, who needs it to run has the word. */
function mergeModes(base: TreeFile | null, ours: TreeFile, theirs: TreeFile): FileMode {
  if (base !== null) return ours.mode === base.mode ? theirs.mode : ours.mode;
  return ours.mode === '100755' ? ours.mode : theirs.mode;
}

type SideMaps = Readonly<Record<'b' | 'o' | 't', ReadonlyMap<string, TreeFile>>>;

/** Two sides can each be sound and together have a file and a folder of one name, or two names that some disks take for one. */
function clearPlaces(files: Map<string, TreeFile>, { b, o, t }: SideMaps): readonly Conflict[] {
  const places = placesOf([...files.keys()].filter((path) => o.has(path)));
  const misplaced = [...files.keys()].filter((path) => !o.has(path) && !places.isFree(path));
  return misplaced.map((path) => {
    files.delete(path);
    return { path, kind: 'place', base: b.get(path) ?? null, ours: null, theirs: t.get(path) ?? null };
  });
}
