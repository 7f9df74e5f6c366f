import { structuredPatch } from 'diff';
import { gitIdOf } from '../git/git-id.js';
import { type BlobStore, getFile } from '../tree/blob-store.js';
import { diffTrees, type FileChange } from '../tree/diff-trees.js';
import { comparableText, linesOf } from '../tree/text.js';
import type { Tree, TreeFile } from '../tree/tree.js';
import { literalHunk } from './binary-patch.js';
import { quotePath } from './quote-path.js';

/** More edits than these are shown as one removal and one addition: to find the fewest takes seconds, in which nothing else is served. */
const MAX_EDITS = 1_500;
const CONTEXT_LINES = 3;

/** The way from one tree to another as `git apply` takes it, file by file, so that a large patch is never whole in memory. */
export async function* patchParts(a: Tree, b: Tree, store: BlobStore): AsyncGenerator<string> {
  for (const change of diffTrees(a, b)) {
    const before = change.before === null ? null : await getFile(store, change.before);
    const after = change.after === null ? null : await getFile(store, change.after);
    yield partOf(change, before, after);
  }
}

/** The whole of it. */
export async function patchOf(a: Tree, b: Tree, store: BlobStore): Promise<string> {
  let patch = '';
  for await (const part of patchParts(a, b, store)) patch += part;
  return patch;
}

function partOf(change: FileChange, before: Buffer | null, after: Buffer | null): string {
  const head = `diff --git ${quotePath(`a/${change.path}`)} ${quotePath(`b/${change.path}`)}\n${modeLines(change)}`;
  if (change.kind === 'mode') return head;
  const indexMode = change.before?.mode === change.after?.mode ? ` ${change.before?.mode ?? ''}` : '';
  const index = `index ${idOf(before)}..${idOf(after)}${indexMode}\n`;
  const [old, next] = [before === null ? '' : comparableText(before), after === null ? '' : comparableText(after)];
  if (old === null || next === null) {
    const none = Buffer.alloc(0);
    return `${head}${index}GIT binary patch\n${literalHunk(after ?? none)}${literalHunk(before ?? none)}`;
  }
  if (old === next) return `${head}${index}`;
  return `${head}${index}${nameLine('---', 'a', change.before)}${nameLine('+++', 'b', change.after)}${hunksOf(old, next)}`;
}

function modeLines({ before, after }: FileChange): string {
  if (before === null) return `new file mode ${after?.mode ?? ''}\n`;
  if (after === null) return `deleted file mode ${before.mode}\n`;
  return before.mode === after.mode ? '' : `old mode ${before.mode}\nnew mode ${after.mode}\n`;
}

/** A tab ends a name with a blank in it, as in git: else what follows the blank could be taken for a date. */
function nameLine(mark: string, side: string, file: TreeFile | null): string {
  if (file === null) return `${mark} /dev/null\n`;
  const name = quotePath(`${side}/${file.path}`);
  return `${mark} ${name}${name.includes(' ') ? '\t' : ''}\n`;
}

function hunksOf(before: string, after: string): string {
  const options = { context: CONTEXT_LINES, maxEditLength: MAX_EDITS };
  const found = structuredPatch('a', 'b', before, after, undefined, undefined, options);
  if (found === undefined) return wholeHunk(before, after);
  return found.hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) => {
      const ranges = `-${rangeOf(oldStart, oldLines)} +${rangeOf(newStart, newLines)}`;
      return `@@ ${ranges} @@\n${lines.join('\n')}\n`;
    })
    .join('');
}

/** A range of no lines is said to begin one line before. */
const rangeOf = (start: number, lines: number): string => `${lines === 0 ? start - 1 : start},${lines}`;

function wholeHunk(before: string, after: string): string {
  const [old, next] = [linesOf(before), linesOf(after)];
  const ranges = `-${rangeOf(1, old.length)} +${rangeOf(1, next.length)}`;
  return `@@ ${ranges} @@\n${marked('-', old)}${marked('+', next)}`;
}

const marked = (mark: string, lines: readonly string[]): string =>
  lines
    .map((line) => (line.endsWith('\n') ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`))
    .join('');

/** With it git checks a binary patch. */
const idOf = (bytes: Buffer | null): string => (bytes === null ? '0'.repeat(40) : gitIdOf(bytes));
