import type { Archives } from '../parts/archives.js';
import { archiveFolder } from '../publication/archive-folder.js';
import type { ArchiveParts } from './archive-parts.js';
import { removeLeft } from './archive-pass.js';
import { Archiver } from './archiver.js';
import { openReadBack } from './read-back.js';

/** Starts to archive what is due. Where the log is not signed, nothing is: `archive_runs` takes only what is. */
export function openArchives(
  parts: Omit<ArchiveParts, 'folder'>,
  where: string,
): Archives & { readonly stop: () => Promise<void> } {
  const all = { ...parts, folder: archiveFolder(where) };
  const archiver = Archiver.start(all);
  return {
    folder: all.folder,
    get problem() {
      return archiver.problem;
    },
    now: () => archiver.now(),
    readBack: openReadBack(all),
    removeLeft: () => removeLeft(all),
    stop: () => archiver.stop(),
  };
}
