import type { Actor, CommandId, Json, JsonObject, RequestId, RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import type { Lane } from './lanes.js';
import { leafHash } from './leaf-hash.js';
import { query } from './pool.js';

export interface NewEvent {
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly causationId: string | null;
  readonly correlationId: string | null;
  /** RFC 3339, UTC, milliseconds: exactly what `Date.toISOString` gives. */
  readonly recordedAt: string;
  readonly actor: Actor;
  readonly data: Json;
}

export interface NewCommand {
  readonly commandId: CommandId;
  /** Null for a timer, which only has a deadline. */
  readonly queue: string | null;
  readonly name: string;
  readonly message: JsonObject;
  readonly priority: number;
  readonly notBefore: string | null;
  readonly deadline: string | null;
}

/** A command as it stands in the table: outbox entry, work in flight and inbox token at once. */
export interface CommandRow extends NewCommand {
  /** Its number in the order of issue, without gaps, over all lanes. */
  readonly seq: number;
  readonly runId: RunId;
  readonly lane: number;
  readonly dispatchNo: number;
}

/** All that happens to one run in a batch. */
export interface AppendItem {
  readonly runId: RunId;
  /** The version the stream must have; 0: it must not exist. */
  readonly expectedVersion: number;
  /** May be empty, when only requests are noted. */
  readonly events: readonly NewEvent[];
  /** Commands this settles: each must still have its row. */
  readonly consume: readonly CommandId[];
  /** Requests this answers: none may have been answered before. Their inbox rows go. */
  readonly requests: readonly RequestId[];
  readonly commands: readonly NewCommand[];
  readonly ended: boolean;
}

export interface Conflict {
  /** Place of the item in the batch, from 0. */
  readonly index: number;
  readonly reason: 'command-gone' | 'version-conflict' | 'request-seen';
  /** The command id, run id or request id in question. */
  readonly key: string;
}

export type AppendResult =
  | { readonly ok: true; readonly firstPosition: number; readonly commands: readonly CommandRow[] }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

interface AppendRow {
  readonly item: number | null;
  readonly reason: Conflict['reason'] | 'written';
  readonly key: string | null;
  readonly head: number | null;
  readonly seq: number | null;
}

const ARGUMENTS = 32;
const APPEND = `select * from baton.append_batch(${Array.from({ length: ARGUMENTS }, (_, n) => `$${n + 1}`).join(', ')})`;

/**
 * Writes a batch in one transaction, all or nothing. A run may appear once. On a conflict nothing is written and the
 * offenders are named; drop them and append the rest.
 *
 * @param dispatchedSeq what the lane has sent to the queues so far; saved along, which costs nothing here
 * @throws LaneFenced when the lane was taken over; RetryableError `database-unreachable`
 */
export async function appendBatch(
  pool: Pool,
  lane: Lane,
  dispatchedSeq: number,
  items: readonly AppendItem[],
): Promise<AppendResult> {
  refuseRepeatedRun(items);
  const rows = await query<AppendRow>(pool, 'append-batch', APPEND, toArguments(lane, dispatchedSeq, items));
  const [first] = rows;
  if (first?.reason !== 'written' || first.head === null || first.seq === null) {
    return { ok: false, conflicts: rows.map(toConflict) };
  }
  const { head, seq } = first;
  const commands = items.flatMap(({ runId, commands }) => commands.map((command) => ({ runId, command })));
  return {
    ok: true,
    firstPosition: head + 1,
    commands: commands.map(({ runId, command }, n) => ({
      ...command,
      seq: seq + n + 1,
      runId,
      lane: lane.lane,
      dispatchNo: 0,
    })),
  };
}

function toConflict(row: AppendRow): Conflict {
  if (row.item === null || row.key === null || row.reason === 'written') {
    throw new Error(`append_batch answered neither a write nor a conflict: ${JSON.stringify(row)}`);
  }
  return { index: row.item - 1, reason: row.reason, key: row.key };
}

function refuseRepeatedRun(items: readonly AppendItem[]): void {
  const seen = new Set<string>();
  for (const { runId } of items) {
    if (seen.has(runId)) throw new Error(`run ${runId} stands twice in one batch: fold its messages into one item`);
    seen.add(runId);
  }
}

/** The arrays of `append_batch`, in its order. Items are numbered from 1 there. */
function toArguments(lane: Lane, dispatchedSeq: number, items: readonly AppendItem[]): readonly unknown[] {
  let offset = 0;
  const extents = items.map(({ events }) => {
    const extent = { first: offset + 1, last: offset + events.length };
    offset += events.length;
    return extent;
  });
  const consumed = items.flatMap(({ consume }, n) => consume.map((commandId) => ({ item: n + 1, commandId })));
  const requests = items.flatMap(({ requests }, n) => requests.map((requestId) => ({ item: n + 1, requestId })));
  const events = items.flatMap((item) =>
    item.events.map((event, n) => toLeaf(item, event, item.expectedVersion + n + 1)),
  );
  const commands = items.flatMap(({ runId, commands }) => commands.map((command) => ({ runId, ...command })));
  return [
    lane.lane,
    lane.fence,
    dispatchedSeq,
    items.map(({ runId }) => runId),
    items.map(({ expectedVersion }) => expectedVersion),
    items.map(({ expectedVersion, events }) => expectedVersion + events.length),
    items.map(({ ended }) => (ended ? 1 : 0)),
    extents.map(({ first }) => first),
    extents.map(({ last }) => last),
    consumed.map(({ item }) => item),
    consumed.map(({ commandId }) => commandId),
    requests.map(({ item }) => item),
    requests.map(({ requestId }) => requestId),
    events.map(({ runId }) => runId),
    events.map(({ version }) => version),
    events.map(({ type }) => type),
    events.map(({ schemaVersion }) => schemaVersion),
    events.map(({ eventId }) => eventId),
    events.map(({ causationId }) => causationId),
    events.map(({ correlationId }) => correlationId),
    events.map(({ recordedAt }) => recordedAt),
    events.map(({ actorText }) => actorText),
    events.map(({ dataText }) => dataText),
    events.map(leafHash),
    commands.map(({ commandId }) => commandId),
    commands.map(({ runId }) => runId),
    commands.map(({ queue }) => queue),
    commands.map(({ name }) => name),
    commands.map(({ message }) => JSON.stringify(message)),
    commands.map(({ priority }) => priority),
    commands.map(({ notBefore }) => notBefore),
    commands.map(({ deadline }) => deadline),
  ];
}

function toLeaf(item: AppendItem, event: NewEvent, version: number) {
  return {
    runId: item.runId,
    version,
    type: event.type,
    schemaVersion: event.schemaVersion,
    eventId: event.eventId,
    causationId: event.causationId,
    correlationId: event.correlationId,
    recordedAt: event.recordedAt,
    actorText: JSON.stringify(event.actor),
    dataText: JSON.stringify(event.data),
  };
}
