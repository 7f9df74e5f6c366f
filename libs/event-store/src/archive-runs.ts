import { BatonError, type RunId, storableText, toError } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import type { ArchivedAbout, StoredArchive } from './archive-rows.js';
import type { JournalRow } from './journal-rows.js';
import { one, query } from './pool.js';
import type { StoredEvent } from './streams.js';

/** A group of runs that a file has. */
export interface ArchivedGroup {
  readonly file: Pick<StoredArchive, 'name' | 'sha256' | 'bytes'>;
  readonly runs: readonly { readonly runId: RunId; readonly version: number; readonly about: ArchivedAbout }[];
  /** Those of them whose journals were erased before the file was written. */
  readonly erased: readonly RunId[];
  /** Where the log ended when the group was looked at. */
  readonly lookedAt: number;
}

/** Says that a run may not be archived now: it went on, is too young, or something of it was erased since the file was written. */
export class NotToArchive extends BatonError {}

const REFUSED: ReadonlySet<unknown> = new Set(['BT003', 'BT004']);

/**
 * Notes that a file has the runs: from then on they are not among those of the log, whose events are still there (`clearArchived`).
 *
 * @returns the id of the archive
 * @throws NotToArchive `not-to-archive`
 */
export async function archiveRuns(
  client: PoolClient,
  { file, runs, erased, lookedAt }: ArchivedGroup,
): Promise<string> {
  const values = [
    file.name,
    Buffer.from(file.sha256, 'hex'),
    file.bytes,
    runs.map(({ runId }) => runId),
    runs.map(({ version }) => version),
    runs.map(({ about }) => storableText(JSON.stringify(about).replaceAll('\\u0000', '\\ufffd'))),
    erased,
    lookedAt,
  ];
  const sql = 'select baton.archive_runs($1, $2, $3, $4, $5, $6::jsonb[], $7, $8) as id';
  const rows = await query<{ id: string }>(client, 'archive-runs', sql, values).catch((thrown: unknown) => {
    const error = toError(thrown);
    if (!('code' in error) || !REFUSED.has(error.code)) throw thrown;
    throw new NotToArchive(`${error.message}.`, { code: 'not-to-archive', cause: error });
  });
  return one(rows, 'an archive').id;
}

/** Takes what an archive has out of the log. @returns its runs; none where that was done, or undone, before */
export async function clearArchived(client: PoolClient, archiveId: string): Promise<readonly RunId[]> {
  const sql = 'select baton.clear_archived($1) as run_ids';
  const rows = await query<{ run_ids: string[] }>(client, 'clear-archived', sql, [archiveId]);
  return one(rows, 'an archive').run_ids;
}

/** Begins to bring an archive back; null where it is not there any more. Whoever else does waits until the transaction ends. */
export async function beginRestore(client: PoolClient, archiveId: string): Promise<StoredArchive | null> {
  const rows = await query<{ name: string; sha256: Buffer; bytes: number; cleared: boolean }>(
    client,
    'begin-restore',
    'select name, sha256, bytes, cleared from baton.begin_restore($1)',
    [archiveId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { name, sha256, bytes, cleared } = row;
  return { archiveId, name, sha256: sha256.toString('hex'), bytes, isCleared: cleared };
}

/** @throws BatonError `archive-corrupt` where one is not what stood at its position */
export async function restoreEvents(
  client: PoolClient,
  archiveId: string,
  events: readonly Omit<StoredEvent, 'actor' | 'leafHash' | 'document'>[],
): Promise<void> {
  const column = <T>(of: (event: (typeof events)[number]) => T): readonly T[] => events.map(of);
  const values = [
    archiveId,
    column(({ position }) => position),
    column(({ runId }) => runId),
    column(({ version }) => version),
    column(({ type }) => type),
    column(({ schemaVersion }) => schemaVersion),
    column(({ eventId }) => eventId),
    column(({ causationId }) => causationId),
    column(({ correlationId }) => correlationId),
    column(({ recordedAt }) => recordedAt),
    column(({ actorText }) => actorText),
    column(({ dataText }) => dataText),
  ];
  const sql = `select baton.restore_events(${values.map((_, n) => `$${n + 1}`).join(', ')})`;
  await query(client, 'restore-events', sql, values).catch(asCorrupt);
}

export async function restoreJournal(
  client: PoolClient,
  archiveId: string,
  rows: readonly (JournalRow & { readonly commandId: string })[],
): Promise<void> {
  await query(client, 'restore-journal', 'select baton.restore_journal($1, $2, $3, $4)', [
    archiveId,
    rows.map(({ commandId }) => commandId),
    rows.map(({ callIndex }) => callIndex),
    rows.map(({ text }) => text),
  ]);
}

export async function restoreBlob(client: PoolClient, content: Buffer): Promise<void> {
  await query(client, 'restore-blob', 'select baton.restore_blob($1)', [content]);
}

/**
 * The runs of an archive are among those of the log again.
 *
 * @param againAfterSeconds when they may be archived again
 * @throws BatonError `archive-corrupt` where events of one are missing
 */
export async function finishRestore(
  client: PoolClient,
  archiveId: string,
  againAfterSeconds: number,
): Promise<readonly RunId[]> {
  const sql = "select baton.finish_restore($1, $2 * interval '1 second') as run_ids";
  const values = [archiveId, againAfterSeconds];
  const rows = await query<{ run_ids: string[] }>(client, 'finish-restore', sql, values).catch(asCorrupt);
  return one(rows, 'an archive').run_ids;
}

/** Forgets an archive whose file is gone. */
export async function forgetArchive(pool: Pool, archiveId: string): Promise<void> {
  await query(pool, 'forget-archive', 'select baton.forget_archive($1)', [archiveId]);
}

const asCorrupt = (thrown: unknown): never => {
  const error = toError(thrown);
  if (!('code' in error) || error.code !== 'BT005') throw thrown;
  throw new BatonError(`An archive does not hold what was archived: ${error.message}.`, {
    code: 'archive-corrupt',
    next: 'Put the file back from a copy: `baton audit verify` names it.',
    cause: error,
  });
};
