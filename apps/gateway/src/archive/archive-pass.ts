import { BatonError, type RunId, toError } from '@baton/contracts';
import {
  ARCHIVING,
  archiveLookedTo,
  archiveRule,
  archiveRuns,
  asOnlyOne,
  clearArchived,
  dueAgain,
  endedAfter,
  forgetArchive,
  type GroupMember,
  groupOf,
  inTransaction,
  logHead,
  lookAgain,
  lookNoMore,
  NotToArchive,
  unfinishedArchives,
} from '@baton/event-store';
import { forgetRuns, readCursor } from '@baton/read-model';
import type { ArchivePass } from '../parts/archives.js';
import type { ArchiveParts } from './archive-parts.js';
import { writeArchive } from './write-archive.js';

/** Positions of the log that are looked at together. */
const POSITIONS = 2_000;
/** Of the runs that are to be looked at again, so many in a pass. */
const AGAIN_AT_ONCE = 1_000;
const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

/*
 * A group of runs goes in four steps, and whoever goes on after a kill begins with what is left of the last one:
 * the file is written and read back; the database notes that it has the runs; they are taken out of the log; and where they were
 * brought back, the file is removed. One process at a time does it, group by group: whoever verifies the log waits for the one
 * at hand, and the next waits for him.
 */

/**
 * Archives every run that is due, and finishes what was begun. Null where another process is at it, or somebody verifies.
 *
 * @throws what a folder throws that cannot be written: nothing is lost then, and it is tried again
 */
export async function archivePass(parts: ArchiveParts, signal: AbortSignal): Promise<ArchivePass | null> {
  const { pool } = parts.audit;
  if ((await asOnlyOne(pool, ARCHIVING, () => finishBegun(parts))) === null) return null;
  let done: ArchivePass = { runs: 0, files: 0 };
  const seen = new Set<RunId>();
  /** @returns whether all of them were looked at */
  const take = async (runIds: readonly RunId[]): Promise<boolean> => {
    for (const runId of runIds.filter((each) => !seen.has(each))) {
      if (signal.aborted) return false;
      const taken = await asOnlyOne(pool, ARCHIVING, async () => {
        const lookedAt = await logHead(pool);
        const group = await groupOf(pool, runId);
        return { group, runs: await takeGroup(parts, runId, group, lookedAt) };
      });
      if (taken === null) return false;
      for (const member of taken.group) seen.add(member.runId);
      if (taken.runs > 0) done = { runs: done.runs + taken.runs, files: done.files + 1 };
    }
    return true;
  };
  for (let isFirst = true; ; isFirst = false) {
    const { afterSeconds, lookedTo } = await archiveRule(pool);
    if (afterSeconds === null) return done;
    if (isFirst && !(await take(await dueAgain(pool, AGAIN_AT_ONCE)))) return done;
    const part = await endedAfter(pool, lookedTo, { positions: POSITIONS, afterSeconds });
    if (!(await take(part.runIds)) || part.lookedTo <= lookedTo) return done;
    await archiveLookedTo(pool, part.lookedTo);
  }
}

/** @returns how many runs were archived */
async function takeGroup(
  parts: ArchiveParts,
  runId: RunId,
  group: readonly GroupMember[],
  lookedAt: number,
): Promise<number> {
  const { pool } = parts.audit;
  // The end of whichever is still open comes later in the log, and all of them with it.
  if (group.length === 0 || group.some(({ hasEnded }) => !hasEnded)) {
    await lookNoMore(pool, [runId]);
    return 0;
  }
  if (group.some(({ isKept }) => isKept)) return 0;
  // A fork is decided again from the events of the run that it goes on from, so these stay as long as it does.
  if (group.some(({ isForked }) => isForked)) return later(parts, runId, DAY_SECONDS, 'a fork of it is in the log');
  if ((await readCursor(pool)) < Math.max(...group.map(({ lastPosition }) => lastPosition))) {
    return later(parts, runId, 1, 'its views are not up to date');
  }
  try {
    const written = await writeArchive(parts, group, { number: (await archiveRule(pool)).changes, lookedAt });
    const id = await inTransaction(pool, (client) => archiveRuns(client, written)).catch(async (thrown: unknown) => {
      if (thrown instanceof NotToArchive) await parts.folder.remove(written.file.name);
      throw thrown;
    });
    await clear(parts, id);
    return group.length;
  } catch (thrown) {
    const error = toError(thrown);
    if (error instanceof NotToArchive) return later(parts, runId, HOUR_SECONDS, error.message);
    // What is wrong with one run is no reason to keep the others; a folder or a database that is away is.
    if (!(error instanceof BatonError) || !OF_THE_RUN.has(error.code)) throw thrown;
    parts.log.warn({ err: error, runId }, 'a run could not be archived; it stays in the log');
    return later(parts, runId, DAY_SECONDS, error.message);
  }
}

const OF_THE_RUN: ReadonlySet<string> = new Set([
  'archive-unproven',
  'archive-corrupt',
  'blob-corrupt',
  'document-missing',
  'document-corrupt',
  'run-not-ended',
]);

async function later({ audit }: ArchiveParts, runId: RunId, seconds: number, why: string): Promise<number> {
  const { afterSeconds } = await archiveRule(audit.pool);
  await lookAgain(audit.pool, runId, Math.max(1, Math.min(seconds, afterSeconds ?? seconds)), why);
  return 0;
}

const clear = ({ audit }: ArchiveParts, archiveId: string): Promise<void> =>
  inTransaction(audit.pool, async (client) => {
    const runIds = await clearArchived(client, archiveId);
    if (runIds.length > 0) await forgetRuns(client, runIds);
  });

/** What was under way when a process died. */
async function finishBegun(parts: ArchiveParts): Promise<true> {
  const { toClear } = await unfinishedArchives(parts.audit.pool);
  for (const { archiveId } of toClear) await clear(parts, archiveId);
  await removeLeft(parts);
  return true;
}

/** Removes files of which everything is in the log again. */
export async function removeLeft(parts: ArchiveParts): Promise<void> {
  const { toRemove } = await unfinishedArchives(parts.audit.pool);
  for (const { archiveId, name } of toRemove) {
    await parts.folder.remove(name);
    await forgetArchive(parts.audit.pool, archiveId);
  }
}
