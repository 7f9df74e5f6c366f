import { pathProblems } from '@baton/workspace';
import { z } from 'zod';

/** A deliverable holds at most this many files … */
export const MAX_FILES = 200;
/** … and this many bytes of UTF-8 text in all of them together. */
export const MAX_TOTAL_BYTES = 1024 * 1024;

/** One text file of a deliverable; `path` is relative, with `/` between its parts. */
export const DeliverableFile = z.object({
  path: z.string().min(1).describe('relative path with "/" between its parts, such as src/scaler.ts'),
  content: z.string().describe('the whole text of the file'),
});
export type DeliverableFile = z.infer<typeof DeliverableFile>;

/** Everything that keeps a set of files from being written below one folder: one sentence each, empty when there is nothing. */
export function fileSetProblems(files: readonly DeliverableFile[]): readonly string[] {
  const problems: string[] = [];
  if (files.length > MAX_FILES) problems.push(`there are ${files.length} files; at most ${MAX_FILES} are accepted`);
  const totalBytes = files.reduce((sum, file) => sum + Buffer.byteLength(file.content), 0);
  if (totalBytes > MAX_TOTAL_BYTES) {
    problems.push(`the files hold ${totalBytes} bytes together; at most ${MAX_TOTAL_BYTES} are accepted`);
  }
  return [...problems, ...pathProblems(files.map(({ path }) => path))];
}

/** A list of files that is safe to write below one folder. */
export const FileSet = z.array(DeliverableFile).check((context) => {
  for (const message of fileSetProblems(context.value)) {
    context.issues.push({ code: 'custom', message, input: context.value, path: [] });
  }
});
