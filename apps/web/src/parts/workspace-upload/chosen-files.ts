import { bytesOf, countOf } from '../spans.js';

/* What of the files that somebody chose is uploaded. The gateway has the same bounds, and says no to more. */

export const MOST_FILES = 20_000;
export const MOST_FILE_BYTES = 5 * 1_048_576;
export const MOST_BYTES = 100 * 1_048_576;

/** As a browser has it: `webkitRelativePath` is empty for files that were chosen one by one. */
export interface ChosenFile {
  readonly name: string;
  readonly size: number;
  readonly webkitRelativePath: string;
}

export interface Chosen<F extends ChosenFile> {
  readonly name: string | null;
  readonly files: readonly { readonly path: string; readonly file: F }[];
  readonly bytes: number;
  /** What stays out, and why. */
  readonly leftOut: readonly string[];
  /** Why it cannot be uploaded; null where it can. */
  readonly problem: string | null;
}

const NOBODYS = new Set(['.git', 'node_modules']);

/** The folder that was chosen is the root: its own name is no part of the paths. */
export function chosenFiles<F extends ChosenFile>(given: readonly F[]): Chosen<F> {
  const placed = given.map((file) => ({ path: pathOf(file), file }));
  const isNobodys = ({ path }: { readonly path: string }): boolean => path.split('/').some((part) => NOBODYS.has(part));
  const own = placed.filter((each) => !isNobodys(each));
  const files = own.filter(({ file }) => file.size <= MOST_FILE_BYTES);
  const large = own.filter(({ file }) => file.size > MOST_FILE_BYTES);
  const bytes = files.reduce((total, { file }) => total + file.size, 0);
  const skipped = placed.length - own.length;
  return {
    name: given[0]?.webkitRelativePath.split('/')[0] || null,
    files,
    bytes,
    leftOut: [
      ...(skipped === 0 ? [] : [`${countOf(skipped)} files in .git and node_modules`]),
      ...large.map(({ path, file }) => `${path}: ${bytesOf(file.size)} are more than ${bytesOf(MOST_FILE_BYTES)}`),
    ],
    problem: problemOf(files.length, bytes),
  };
}

const pathOf = ({ name, webkitRelativePath }: ChosenFile): string =>
  webkitRelativePath === '' ? name : webkitRelativePath.slice(webkitRelativePath.indexOf('/') + 1);

function problemOf(files: number, bytes: number): string | null {
  if (files === 0) return 'There is no file to upload.';
  if (files > MOST_FILES)
    return `A workspace has at most ${countOf(MOST_FILES)} files, and these are ${countOf(files)}.`;
  if (bytes > MOST_BYTES) return `A workspace has at most ${bytesOf(MOST_BYTES)}, and these are ${bytesOf(bytes)}.`;
  return null;
}
