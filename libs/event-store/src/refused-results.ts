import { storableText } from '@baton/contracts';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { type ClosedReason, closedCommands } from './closed-commands.js';
import { database } from './database.js';
import { query } from './pool.js';
import type { Tables } from './tables.js';

/** A result that came and was not taken. */
export interface RefusedResult {
  readonly source: string;
  readonly name: string;
  readonly jobId: string;
  readonly runId: string;
  readonly commandId: string;
  /** The id of the message itself. */
  readonly id: string;
  readonly dispatchNo: number;
}

const WHY: Readonly<Record<ClosedReason, string>> = {
  answered: 'Its task has an answer already.',
  'time-up': 'The time of its task was up.',
  cancelled: 'Its run was cancelled.',
  'given-up': 'Nobody waits for its task any more: another attempt took its place, or its run has ended.',
};

/**
 * Notes that a result was not taken, and why, without what it said. Not of a message that came once more after it was taken, as
 * each may that was in the hands of a process which ended.
 *
 * @returns the reason; null where nothing was noted
 */
export async function noteRefusedResult(pool: Pool, result: RefusedResult): Promise<string | null> {
  const { source, name, jobId, runId, commandId, id, dispatchNo } = result;
  const taken = await query(
    pool,
    'result-taken',
    'select 1 from baton.event where run_id = $1 and causation_id = $2 limit 1',
    [runId, id],
  );
  if (taken.length > 0) return null;
  const closed = await closedCommands(pool, [commandId]);
  const why = closed.get(commandId);
  // It is open: then another message of this one, or of another hub, is being decided, or it had nothing to say.
  const reason = why === undefined ? 'without-effect: It changes nothing.' : `${why}: ${WHY[why]}`;
  await noteRefused(pool, { source, name, reason, message: { id, runId, commandId, dispatchNo, jobId } });
  return reason;
}

/** Notes what was not taken, once for each command and reason: nothing is to be done about it. */
export async function noteRefused(
  pool: Pool,
  refused: {
    readonly source: string;
    readonly name: string;
    readonly reason: string;
    readonly message: Pick<RefusedResult, 'id' | 'runId' | 'commandId' | 'dispatchNo' | 'jobId'>;
  },
): Promise<void> {
  const { source, name, reason, message } = refused;
  const values = {
    ...{ source, name, reason, is_refused: true },
    message: storableText(JSON.stringify(message)),
    run_id: message.runId,
    command_id: message.commandId,
  };
  await database<Tables>(pool, 'note-refused-result')
    .insertInto('dead_letter')
    .values(values)
    .onConflict((clash) => clash.columns(['command_id', 'reason']).where(sql<boolean>`is_refused`).doNothing())
    .execute();
}
