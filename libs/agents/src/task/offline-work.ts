import { createHash } from 'node:crypto';
import type { DeliverableFile } from './file-set.js';

/*
 * Code of the offline model comes from scripts in this repository, so it is executed also where there is no sandbox. That it is its code
 * is not believed from what a task's arguments say: the programmer notes in the database what the offline model's own task
 * wrote, and a later task of the same run asks there.
 */

/** What is known of the offline model's work, for any command. Hashes are SHA-256 as hex. */
export interface OfflineWorkRecord {
  readonly record: (commandId: string, sha256: string) => Promise<void>;
  /** Whether a task of the same run as this command wrote it. */
  readonly isKnown: (commandId: string, sha256: string) => Promise<boolean>;
}

/** The same for the files of one task. */
export interface OfflineWork {
  readonly record: (files: readonly DeliverableFile[]) => Promise<void>;
  readonly isKnown: (files: readonly DeliverableFile[]) => Promise<boolean>;
}

export const offlineWorkOf = (known: OfflineWorkRecord, commandId: string): OfflineWork => ({
  record: (files) => known.record(commandId, hashOf(files)),
  isKnown: (files) => known.isKnown(commandId, hashOf(files)),
});

/** Of all files together, in the order of their paths: parts of two deliverables are neither's work. */
function hashOf(files: readonly DeliverableFile[]): string {
  const pairs = files.map(({ path, content }) => [path, content] as const);
  const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}
