import type { RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** An entry of a journal as it stands in the database. */
export interface JournalRow {
  readonly callIndex: number;
  /** JSON text, byte for byte as stored. */
  readonly text: string;
}

/** The first entries of the journal of a command, in their order. */
export async function journalEntries(pool: Pool, commandId: string, entries: number): Promise<readonly JournalRow[]> {
  const rows = await query<{ call_index: number; response: string }>(
    pool,
    'journal-entries',
    'select call_index, response from baton.journal_entries($1, $2)',
    [commandId, entries],
  );
  return rows.map(({ call_index, response }) => ({ callIndex: call_index, text: response }));
}

/** The commands of a run that have a journal, whatever became of them, with how many entries it has. */
export async function journaledCommands(
  pool: Pool,
  runId: RunId,
): Promise<readonly { readonly commandId: string; readonly entries: number }[]> {
  const rows = await query<{ command_id: string; entries: number }>(
    pool,
    'journaled-commands',
    'select command_id, entries from baton.journaled_commands($1)',
    [runId],
  );
  return rows.map(({ command_id, entries }) => ({ commandId: command_id, entries }));
}

/** How long models took for a task, in milliseconds. */
export interface TimeOfModels {
  readonly commandId: string;
  /** All entries of its journal that were looked at; `unmeasured` are those calls of whose duration it says nothing. */
  readonly entries: number;
  readonly calls: number;
  readonly unmeasured: number;
  readonly modelMs: number;
}

/** The same for each task of a run that has a journal. @param most how many entries are looked at in all */
export async function modelTime(pool: Pool, runId: RunId, most: number): Promise<readonly TimeOfModels[]> {
  const rows = await query<Omit<TimeOfModels, 'commandId' | 'modelMs'> & { command_id: string; model_ms: number }>(
    pool,
    'model-time',
    'select command_id, entries, calls, unmeasured, model_ms from baton.model_time($1, $2)',
    [runId, most],
  );
  return rows.map(({ command_id, model_ms, ...counts }) => ({ commandId: command_id, ...counts, modelMs: model_ms }));
}

/** How many entries the journal of an open command has, and their hash (hex); null where it has none. */
export async function journalDigest(
  pool: Pool,
  commandId: string,
): Promise<{ readonly entries: number; readonly sha256: string } | null> {
  const rows = await query<{ entries: number; sha256: Buffer }>(
    pool,
    'journal-digest',
    'select entries, sha256 from baton.journal_digest($1)',
    [commandId],
  );
  const [row] = rows;
  return row === undefined ? null : { entries: row.entries, sha256: row.sha256.toString('hex') };
}

/** Of these runs, or of all, those whose journals went with the key of somebody they were about. */
export async function erasedRuns(pool: Pool, runIds: readonly RunId[] | null): Promise<readonly RunId[]> {
  const rows = await query<{ run_id: string }>(
    pool,
    'erased-runs',
    `select distinct r.run_id from baton.personal_run r join baton.personal_erasure e using (key_id)
      where $1::uuid[] is null or r.run_id = any($1)`,
    [runIds],
  );
  return rows.map(({ run_id }) => run_id);
}
