import type { GatewayParts } from '../parts/parts.js';
import type { ArchiveFolder } from '../publication/archive-folder.js';

/** What it takes to archive runs, and to bring them back. */
export interface ArchiveParts extends Pick<GatewayParts, 'audit' | 'checkpointer' | 'log'> {
  readonly folder: ArchiveFolder;
}
