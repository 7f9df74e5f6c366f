import { z } from 'zod';

/** A deliverable holds at most this many files … */
export const MAX_FILES = 200;
/** … and this many bytes of UTF-8 text in all of them together. */
export const MAX_TOTAL_BYTES = 1024 * 1024;

const MAX_PATH_LENGTH = 240;

/** Folders a deliverable may not bring: git runs programs named in its own folder, and packages are not ours to vouch for. */
const RESERVED_SEGMENTS = new Set(['.git', 'node_modules']);

/** One text file of a deliverable; `path` is relative, with `/` between its parts. */
export const DeliverableFile = z.object({
  path: z.string().min(1).describe('relative path with "/" between its parts, such as src/scaler.ts'),
  content: z.string().describe('the whole text of the file'),
});
export type DeliverableFile = z.infer<typeof DeliverableFile>;

/** Why a path may not be written below a folder of our choice, or null where it may. */
export function pathProblem(path: string): string | null {
  if (path === '') return 'is empty';
  if (path.length > MAX_PATH_LENGTH) return `is longer than ${MAX_PATH_LENGTH} characters`;
  if (hasControlCharacter(path)) return 'holds a control character';
  if (path.includes('\\')) return 'holds a backslash: write "/" between its parts';
  if (path.startsWith('/')) return 'is absolute';
  if (/^[A-Za-z]:/.test(path)) return 'names a drive';
  if (path.startsWith('~')) return 'starts with "~"';
  for (const segment of path.split('/')) {
    if (segment === '') return 'has an empty part';
    if (segment === '.' || segment === '..') return `has the part "${segment}"`;
    if (RESERVED_SEGMENTS.has(segment.toLowerCase())) return `lies in "${segment}", which a deliverable may not bring`;
    if (segment.endsWith('.') || segment.endsWith(' ')) return 'has a part that ends in a dot or a space';
  }
  return null;
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** Some file systems fold case and Unicode forms, so two paths that differ only there would overwrite each other. */
const foldPath = (path: string): string => path.normalize('NFC').toLowerCase();

/** Everything that keeps a set of files from being written below one folder: one sentence each, empty when there is nothing. */
export function fileSetProblems(files: readonly DeliverableFile[]): readonly string[] {
  const problems: string[] = [];
  if (files.length > MAX_FILES) problems.push(`there are ${files.length} files; at most ${MAX_FILES} are accepted`);
  const totalBytes = files.reduce((sum, file) => sum + Buffer.byteLength(file.content), 0);
  if (totalBytes > MAX_TOTAL_BYTES) {
    problems.push(`the files hold ${totalBytes} bytes together; at most ${MAX_TOTAL_BYTES} are accepted`);
  }
  const seen = new Map<string, string>();
  for (const { path } of files) {
    const problem = pathProblem(path);
    if (problem !== null) problems.push(`the path ${JSON.stringify(path)} ${problem}`);
    const earlier = seen.get(foldPath(path));
    if (earlier !== undefined) {
      problems.push(`the paths ${JSON.stringify(earlier)} and ${JSON.stringify(path)} mean the same file`);
    }
    seen.set(foldPath(path), path);
  }
  return [...problems, ...nestingProblems(seen)];
}

/** `a` and `a/b` cannot both be files. */
function nestingProblems(paths: ReadonlyMap<string, string>): readonly string[] {
  const problems: string[] = [];
  for (const [folded, path] of paths) {
    for (let slash = folded.indexOf('/'); slash !== -1; slash = folded.indexOf('/', slash + 1)) {
      const outer = paths.get(folded.slice(0, slash));
      if (outer !== undefined) {
        problems.push(`${JSON.stringify(outer)} cannot be a file, because ${JSON.stringify(path)} lies below it`);
      }
    }
  }
  return problems;
}

/** A list of files that is safe to write below one folder. */
export const FileSet = z.array(DeliverableFile).check((context) => {
  for (const message of fileSetProblems(context.value)) {
    context.issues.push({ code: 'custom', message, input: context.value, path: [] });
  }
});
