import type { FileMode } from '../tree/tree.js';
import type { LeftOut } from './limits.js';
import type { ReadFile } from './read-file.js';

/** A place that files can be taken from: a folder, a working tree, a commit. */
export interface Source {
  /** The paths there are, in no particular order, with what can be said without reading: what stays out, and how large it is. */
  readonly paths: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** The files of some of the paths, in the order asked for; one at a time is in memory. */
  read(paths: readonly string[]): AsyncGenerator<{ readonly path: string; readonly file: ReadFile }>;
  /** What is known of each file in the commit that the files lie over; null where there is none. */
  readonly committed: ReadonlyMap<string, CommittedFile> | null;
}

export interface CommittedFile {
  readonly mode: FileMode;
  /** As git hashes it. */
  readonly id: string;
}
