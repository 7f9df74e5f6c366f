import type { DeliverableFile } from '../task/file-set.js';

/** Lays changed files over a set: an existing path is replaced, a removed one is gone, the order of the rest stays. */
export function mergeFiles(
  files: readonly DeliverableFile[],
  changed: readonly DeliverableFile[],
  removed: readonly string[] = [],
): readonly DeliverableFile[] {
  const gone = new Set(removed);
  const merged = new Map(files.filter((file) => !gone.has(file.path)).map((file) => [file.path, file]));
  for (const file of changed) merged.set(file.path, file);
  return [...merged.values()];
}

/**
 * Who wrote a deliverable. Several authors are joined by ` and `; `input` stands for files that came with the run.
 * The validator executes without asking only what `offline` alone wrote, so an author is never dropped here.
 */
export function joinAuthors(authors: readonly string[]): string {
  return [...new Set(authors.flatMap((author) => author.split(' and ')))].join(' and ');
}
