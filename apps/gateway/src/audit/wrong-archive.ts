import { BatonError } from '@baton/contracts';
import { allArchives, runsOfArchive, type StoredArchive } from '@baton/event-store';
import { type BundleEvent, readLogKeys, type VerifierKey, verifyBundle } from '@baton/proof';
import type { Pool } from 'pg';
import { originOf } from '../checkpoints/make-checkpoint.js';
import type { ArchiveFolder } from '../publication/archive-folder.js';
import type { Gaps } from './gaps.js';

/** What the archives together have. */
export interface FoundArchives {
  readonly files: number;
  readonly runs: number;
  readonly events: number;
  /** The first thing that is wrong. */
  readonly problem: string | null;
}

/**
 * Reads every archive: it is the file that was written, each of its events is where the signed tree says, it has the runs that it
 * is said to have, and together they have what the log does not.
 */
export async function wrongArchive(
  parts: { readonly pool: Pool; readonly keys: string },
  folder: ArchiveFolder,
  gaps: Gaps,
  onProgress: (events: number) => void,
): Promise<FoundArchives> {
  const key = (await readLogKeys(parts.keys, await originOf(parts.pool)))?.signer.verifier ?? null;
  let [files, runs, events] = [0, 0, 0];
  for await (const archive of allArchives(parts.pool)) {
    const left = new Map((await runsOfArchive(parts.pool, archive.archiveId)).map((run) => [run.runId, run.version]));
    runs += left.size;
    let twice: BundleEvent | null = null;
    const found = await problemOf(folder, archive, key, (event) => {
      events += 1;
      left.set(event.runId, (left.get(event.runId) ?? 0) - 1);
      if (!gaps.fill(event.position) && archive.isCleared) twice ??= event;
    });
    const problem = found ?? wrongTogether(twice, left);
    if (problem !== null) return { files, runs, events, problem: `the archive ${archive.name}: ${problem}` };
    files += 1;
    onProgress(events);
  }
  const missing = gaps.first();
  const problem = missing === null ? null : `position ${missing} is missing: neither the log nor an archive has it`;
  return { files, runs, events, problem };
}

async function problemOf(
  folder: ArchiveFolder,
  archive: StoredArchive,
  key: VerifierKey | null,
  onEvent: (event: BundleEvent) => void,
): Promise<string | null> {
  try {
    return (await verifyBundle(folder.lines(archive), key, onEvent)).problem;
  } catch (thrown) {
    if (thrown instanceof BatonError && OF_THE_FILE.has(thrown.code)) return thrown.message;
    throw thrown;
  }
}

function wrongTogether(twice: BundleEvent | null, left: ReadonlyMap<string, number>): string | null {
  if (twice !== null) {
    return `the event at position ${twice.position} (run ${twice.runId}) is in the log, or in another archive, as well`;
  }
  const other = [...left].find(([, events]) => events !== 0);
  return other === undefined ? null : `it does not have the events of run ${other[0]} that it is said to have`;
}

const OF_THE_FILE: ReadonlySet<string> = new Set(['archive-missing', 'archive-corrupt']);
