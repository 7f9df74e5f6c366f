import type { RunId } from '@baton/contracts';
import type { ArchiveFolder } from '../publication/archive-folder.js';

/** What an attempt to put runs away did. */
export interface ArchivePass {
  readonly runs: number;
  readonly files: number;
}

/** What handlers ask of archives. */
export interface Archives {
  readonly folder: ArchiveFolder;
  /** Why the last attempt to put something away did not come to its end. */
  readonly problem: string | null;
  /** Puts away what is due. @returns null where another process is at it */
  now(): Promise<ArchivePass | null>;
  /**
   * Brings a run back into the log, with those in the same file.
   *
   * @returns false where it is in no archive
   * @throws BatonError `archive-missing`, `archive-corrupt`: then nothing has changed
   */
  readBack(runId: RunId): Promise<boolean>;
  /** Removes files of which everything was read back, where that could not be done at once. */
  removeLeft(): Promise<void>;
}
