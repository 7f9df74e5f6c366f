import { type BlobStore, getFile, putFile } from '../tree/blob-store.js';
import { diffTrees } from '../tree/diff-trees.js';
import { type Places, placesOf } from '../tree/places.js';
import { textOf } from '../tree/text.js';
import { type Tree, type TreeFile, treeOf } from '../tree/tree.js';
import { openMarks, withMarks } from './merge-texts.js';
import type { Conflict, Merged } from './merge-trees.js';

/** Where files of the other side lie whose place is taken. */
const THEIR_FILES = '.baton/landed-by-others/';

/** A conflict as it is shown to whoever resolves it: where to look, and what to do. `line` counts from 1. */
export interface ShownConflict {
  readonly path: string;
  readonly line: number | null;
  readonly message: string;
}

/**
 * A merge with both sides of each conflict in it, and nothing of either lost: the lines of texts between marks, a file whose
 * place is taken below `THEIR_FILES`, and what one side removed as the other has it.
 */
export async function showConflicts(
  { tree, conflicts }: Merged,
  store: BlobStore,
): Promise<{ readonly tree: Tree; readonly shown: readonly ShownConflict[] }> {
  const files = new Map(tree.map((file) => [file.path, file]));
  const shown: ShownConflict[] = [];
  const places = placesOf(files.keys());
  for (const conflict of conflicts) shown.push(...(await show(conflict, { files, places }, store)));
  return { tree: treeOf(files.values()), shown };
}

async function show(
  conflict: Conflict,
  { files, places }: { readonly files: Map<string, TreeFile>; readonly places: Places },
  store: BlobStore,
): Promise<readonly ShownConflict[]> {
  const { path, kind, ours, theirs, stretches } = conflict;
  const said = (message: string, line: number | null = null): ShownConflict => ({ path, line, message });
  if (kind === 'content' && ours !== null && stretches !== undefined) {
    const { text, conflictLines } = withMarks(stretches);
    const mode = files.get(path)?.mode ?? ours.mode;
    files.set(path, { path, mode, ...(await putFile(store, Buffer.from(text, 'utf8'))) });
    return conflictLines.map((line) => said(BETWEEN_MARKS, line));
  }
  if (theirs === null) {
    return [
      said(
        'Others removed this file, and this run changed it. It is still there: remove it, or leave it, as the work of both needs it.',
      ),
    ];
  }
  if (ours === null && places.isFree(path)) {
    files.set(path, theirs);
    places.take(path);
    return [
      said(
        'This run removed this file, and others changed it since. It is there again as they left it: remove it once more, or leave it, as the work of both needs it.',
      ),
    ];
  }
  const aside = placeAside(path, places);
  places.take(aside);
  files.set(aside, { ...theirs, path: aside });
  const why =
    kind === 'whole'
      ? 'Both sides changed this file, and it cannot be merged by lines'
      : 'Others put a file here, where it cannot lie beside those of this run';
  return [said(`${why}. Theirs lies at ${aside}: bring both together, and remove or move what lies there.`)];
}

const BETWEEN_MARKS =
  'This run and others changed the same lines. Both sides stand between the marks, with what was there before: write what both want, and remove the marks.';

/** A place that is free, however long the path is. */
function placeAside(path: string, { isFree }: Places): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (let n = 0; ; n += 1) {
    const place = n === 0 ? `${THEIR_FILES}${path}` : `${THEIR_FILES}${n}/${name}`;
    if (isFree(place)) return place;
  }
}

/** What is still open of the conflicts that a merge showed, in the files of a version that differ from its base. */
export async function openConflicts(base: Tree, tree: Tree, store: BlobStore): Promise<readonly ShownConflict[]> {
  const open: ShownConflict[] = [];
  for (const { path, after } of diffTrees(base, tree)) {
    if (after === null) continue;
    if (path.startsWith(THEIR_FILES)) {
      open.push({ path, line: null, message: 'What others put here still waits: bring it in, and remove or move it.' });
      continue;
    }
    const text = textOf(await getFile(store, after));
    const [line] = text === null ? [] : openMarks(text);
    if (line !== undefined) open.push({ path, line, message: BETWEEN_MARKS });
  }
  return open;
}
