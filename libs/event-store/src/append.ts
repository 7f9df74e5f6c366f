import { BatonError, storableText } from '@baton/contracts';
import type { Pool } from 'pg';
import { appendArguments, repeatedKeys, storableItem } from './append-arguments.js';
import type { AppendItem, AppendResult, Conflict } from './batch.js';
import type { Lane } from './lanes.js';
import { query } from './pool.js';

interface AppendRow {
  readonly item: number | null;
  readonly reason: Conflict['reason'] | 'written';
  readonly key: string | null;
  readonly head: number | null;
  readonly seq: number | null;
  readonly at: Date | null;
}

const ARGUMENTS = 34;
const APPEND = `select * from baton.append_batch(${Array.from({ length: ARGUMENTS }, (_, n) => `$${n + 1}`).join(', ')})`;

/**
 * Writes a batch in one transaction, all or nothing. A run may appear once. On a conflict nothing is written and the
 * offenders are named; drop them and append the rest.
 *
 * @param dispatchedSeq what the lane has sent to the queues so far; saved along, which costs nothing here
 * @throws LaneFenced when the lane was taken over; RetryableError `database-unreachable`; BatonError `invalid-append`
 *   when a run stands twice in the batch or a time is none
 */
export async function appendBatch(
  pool: Pool,
  lane: Lane,
  dispatchedSeq: number,
  batch: readonly AppendItem[],
): Promise<AppendResult> {
  const items = batch.map(storableItem);
  refuseRepeatedRun(items);
  const repeated = repeatedKeys(items);
  if (repeated.length > 0) return refusal(batch, repeated);
  const rows = await query<AppendRow>(pool, 'append-batch', APPEND, appendArguments(lane, dispatchedSeq, items));
  const [first] = rows;
  if (first?.reason !== 'written' || first.head === null || first.seq === null || first.at === null) {
    return refusal(batch, rows.map(toConflict));
  }
  const { head, seq } = first;
  const createdMs = first.at.getTime();
  const createdAt = first.at.toISOString();
  const commands = items.flatMap(({ runId, commands }) => commands.map((command) => ({ ...command, runId })));
  return {
    ok: true,
    firstPosition: head + 1,
    commands: commands.map((command, n) => ({
      ...command,
      seq: seq + n + 1,
      lane: lane.lane,
      dispatchNo: 0,
      createdAt,
      waitMs: command.notBefore === null ? 0 : Math.max(0, Date.parse(command.notBefore) - createdMs),
    })),
  };
}

function toConflict(row: AppendRow): Conflict {
  if (row.item === null || row.key === null || row.reason === 'written') {
    throw new Error(`append_batch answered neither a write nor a conflict: ${JSON.stringify(row)}`);
  }
  return { index: row.item - 1, reason: row.reason, key: row.key };
}

/** Names requests as the caller wrote them, which may differ from their stored form. */
function refusal(batch: readonly AppendItem[], conflicts: readonly Conflict[]): AppendResult {
  const asWritten = ({ index, reason, key }: Conflict): Conflict => {
    const written = batch[index]?.requests.find((requestId) => storableText(requestId) === key);
    return { index, reason, key: reason === 'request-seen' ? (written ?? key) : key };
  };
  return { ok: false, conflicts: conflicts.map(asWritten) };
}

function refuseRepeatedRun(items: readonly AppendItem[]): void {
  const seen = new Set<string>();
  for (const { runId } of items) {
    if (seen.has(runId)) {
      throw new BatonError(`Run ${runId} stands twice in one batch.`, {
        code: 'invalid-append',
        next: 'Fold its messages into one item.',
      });
    }
    seen.add(runId);
  }
}
