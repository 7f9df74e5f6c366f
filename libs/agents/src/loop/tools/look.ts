import { textOf } from '@baton/workspace';
import { z } from 'zod';
import type { Workbench } from '../../workbench/workbench.js';
import { clipLine, LINES_AT_ONCE, MOST_SHOWN_CHARACTERS, numberedLines } from '../numbered-lines.js';
import { refusal, said, type Tool, toolOf } from '../tool.js';

const MOST_ENTRIES = 400;
const MOST_HITS = 100;

const Path = z.string().min(1).max(1_000).describe('relative path with "/" between its parts');

/** What every agent looks into a workspace with. */
export const lookTools = (bench: Workbench): readonly Tool[] => [listTool(bench), readTool(bench), searchTool(bench)];

/** The files and folders below a folder. */
const listTool = (bench: Workbench): Tool =>
  toolOf({
    name: 'list',
    description: `Lists the files of the workspace with their sizes in bytes, at most ${MOST_ENTRIES} at once. Packages and git's own folder are not shown.`,
    input: z.strictObject({
      folder: Path.optional().describe('only what lies below this folder'),
      after: Path.optional().describe('goes on after this path, where a list was cut off'),
    }),
    use: async ({ folder, after }) => {
      const below = folder === undefined || folder === '.' ? '' : `${folder.replace(/\/+$/, '')}/`;
      const files = (await bench.files()).filter(
        ({ path }) => path.startsWith(below) && (after === undefined || path > after),
      );
      if (files.length === 0) return said(below === '' ? 'The workspace holds no files.' : `No files below ${below}`);
      const shown = files.slice(0, MOST_ENTRIES);
      const lines = shown.map(({ path, size }) => `${path}  ${size}`);
      const more = files.length - shown.length;
      if (more > 0) lines.push(`… and ${more} more: list again with after: ${JSON.stringify(shown.at(-1)?.path)}`);
      return said(lines.join('\n'));
    },
  });

/** Lines of a text file, with their numbers. */
const readTool = (bench: Workbench): Tool =>
  toolOf({
    name: 'read',
    description: `Reads a text file, with line numbers; ${LINES_AT_ONCE}. The numbers are not part of the file.`,
    input: z.strictObject({
      path: Path,
      from: z.int().positive().optional().describe('the first line, from 1'),
      to: z.int().positive().optional().describe('the last line'),
    }),
    use: async ({ path, from = 1, to }) => {
      const found = await bench.read(path);
      if (!found.ok) return refusal(found.reason);
      const text = textOf(found.bytes);
      if (text === null) return said(`${path} is no text: ${found.bytes.length} bytes.`);
      if (text === '') return said(`${path} is empty.`);
      const lines = linesOf(text);
      if (from > lines.length) return refusal(`${path} has ${lines.length} lines.`);
      return said(numberedLines(path, lines, from, Math.min(to ?? lines.length, lines.length)));
    },
  });

/** Where a text stands. */
const searchTool = (bench: Workbench): Tool =>
  toolOf({
    name: 'search',
    description: `Finds a text in the files of the workspace and shows each line that holds it, as path:line: text; at most ${MOST_HITS} at once. The text is taken as it stands, not as a pattern.`,
    input: z.strictObject({
      text: z.string().min(1).max(500),
      folder: Path.optional().describe('only below this folder, or in this file'),
      ignoreCase: z.boolean().optional(),
      around: z.int().min(0).max(10).optional().describe('lines to show before and after each'),
    }),
    use: async ({ text, folder, ignoreCase = false, around = 0 }, signal) => {
      const fold = (line: string): string => (ignoreCase ? line.toLowerCase() : line);
      const within = isWithin(folder);
      const hits: string[] = [];
      let count = 0;
      for (const { path } of await bench.files()) {
        signal.throwIfAborted();
        if (!within(path)) continue;
        const found = await hitsIn(bench, path, { fold, wanted: fold(text), around, room: MOST_HITS - hits.length });
        count += found.count;
        hits.push(...found.shown);
      }
      if (count === 0) return said(`Nothing holds ${JSON.stringify(text)}.`);
      const more =
        count > hits.length
          ? [`… and ${count - hits.length} more: search below a folder, or for more of the text`]
          : [];
      return said(cut([...hits, ...more].join(around > 0 ? '\n--\n' : '\n')));
    },
  });

function isWithin(folder: string | undefined): (path: string) => boolean {
  const within = folder?.replace(/\/+$/, '');
  if (within === undefined || within === '.') return () => true;
  return (path) => path === within || path.startsWith(`${within}/`);
}

interface Wanted {
  readonly fold: (line: string) => string;
  readonly wanted: string;
  readonly around: number;
  /** How many hits are shown; the others are counted. */
  readonly room: number;
}

async function hitsIn(bench: Workbench, path: string, { fold, wanted, around, room }: Wanted) {
  const shown: string[] = [];
  const found = await bench.read(path);
  const content = found.ok ? textOf(found.bytes) : null;
  if (content === null || !fold(content).includes(wanted)) return { count: 0, shown };
  const lines = linesOf(content);
  let count = 0;
  for (const [index, line] of lines.entries()) {
    if (!fold(line).includes(wanted)) continue;
    count += 1;
    if (shown.length < room) shown.push(hitAt(path, lines, index, around));
  }
  return { count, shown };
}

function hitAt(path: string, lines: readonly string[], index: number, around: number): string {
  const shown: string[] = [];
  for (let at = Math.max(0, index - around); at <= Math.min(lines.length - 1, index + around); at += 1)
    shown.push(`${path}:${at + 1}${at === index ? ':' : '-'} ${clipLine(lines[at] ?? '')}`);
  return shown.join('\n');
}

/** Without the empty one that a last line feed would make. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

const cut = (text: string): string =>
  text.length <= MOST_SHOWN_CHARACTERS
    ? text
    : `${text.slice(0, MOST_SHOWN_CHARACTERS)}\n… [cut: search for more of the text]`;
