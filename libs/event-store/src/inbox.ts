import { JsonObject, type RequestId, RunId, storableText } from '@baton/contracts';
import type { Pool } from 'pg';
import { olderThan } from './commands.js';
import { database } from './database.js';
import { query } from './pool.js';
import type { Tables } from './tables.js';

export interface PendingRequest {
  readonly requestId: RequestId;
  readonly name: string;
  readonly message: JsonObject;
}

/** One that waits, with its place in the line. */
export interface WaitingRequest extends PendingRequest {
  /** Whether the gateway accepted it. Otherwise a hub put it here, and it is believed no more than in its queue. */
  readonly isVouched: boolean;
  /** When it was accepted, by the clock of the database and as exactly as that knows it. */
  readonly acceptedAt: string;
}

export type Acceptance =
  | { readonly status: 'accepted' }
  /** The same request id was accepted before and waits; `message` is what it said then. */
  | { readonly status: 'already-accepted'; readonly message: JsonObject }
  /** The request had its effect on this run. */
  | { readonly status: 'already-processed'; readonly runId: RunId };

/**
 * Makes a request durable before anybody is told that it was accepted. Idempotent by request id.
 *
 * @param request its trace, where it belongs to one, is kept beside the message: see `storedMessage`
 */
export async function acceptRequest(
  pool: Pool,
  request: PendingRequest & { readonly traceparent?: string | undefined },
): Promise<Acceptance> {
  const processed = await findRequest(pool, request.requestId);
  if (processed !== null) return { status: 'already-processed', runId: processed.runId };
  const { numInsertedOrUpdatedRows: inserted } = await database<Tables>(pool, 'accept-request')
    .insertInto('inbox')
    .values({
      request_id: storableText(request.requestId),
      name: request.name,
      message: JSON.stringify(request.message),
      begins: begunBy(request),
      traceparent: request.traceparent ?? null,
    })
    .onConflict((conflict) => conflict.column('request_id').doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 1n) return { status: 'accepted' };
  const waiting = await acceptedRequest(pool, request.requestId);
  if (waiting !== null) return { status: 'already-accepted', message: waiting.message };
  // It was decided between the two looks.
  return acceptRequest(pool, request);
}

/** The run that a request is to begin; null where it is about one that exists, or the hub chooses its id. */
export function begunBy({ name, message }: PendingRequest): RunId | null {
  const named = name === 'submit' ? message.runId : name === 'fork' ? message.forkId : undefined;
  return RunId.safeParse(named).data ?? null;
}

/** A request as it was accepted, as long as it has not had its effect; null for any other. */
export async function acceptedRequest(pool: Pool, requestId: RequestId): Promise<PendingRequest | null> {
  const row = await database<Tables>(pool, 'waiting-request')
    .selectFrom('inbox')
    .select(['request_id', 'name', 'message', 'traceparent'])
    .where('request_id', '=', storableText(requestId))
    .executeTakeFirst();
  return row === undefined ? null : { ...toRequest(row), requestId };
}

/** Whether a run was asked for that has not begun. */
export const isRunAccepted = async (pool: Pool, runId: RunId): Promise<boolean> =>
  (await acceptedBeginning(pool, runId)) !== null;

/** The request that is to begin a run, as long as it has not. */
export async function acceptedBeginning(
  pool: Pool,
  runId: RunId,
): Promise<(PendingRequest & Pick<WaitingRequest, 'isVouched'>) | null> {
  const row = await database<Tables>(pool, 'accepted-run')
    .selectFrom('inbox')
    .select(['request_id', 'name', 'message', 'traceparent', 'is_vouched'])
    .where('begins', '=', runId)
    .orderBy('accepted_at')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { ...toRequest(row), isVouched: row.is_vouched };
}

/**
 * Accepted requests that have not had their effect, oldest first: those behind `after`, and accepted so long ago. Not those
 * whose run waits for a place.
 */
export async function pendingRequests(
  pool: Pool,
  page: {
    readonly olderThanMs?: number;
    readonly after?: Pick<WaitingRequest, 'acceptedAt' | 'requestId'>;
    readonly limit: number;
  },
): Promise<readonly WaitingRequest[]> {
  const { olderThanMs, after, limit } = page;
  const age = olderThan('accepted_at', 4, olderThanMs);
  const rows = await query<{
    request_id: string;
    name: string;
    message: string;
    traceparent: string | null;
    is_vouched: boolean;
    accepted_at: string;
  }>(
    pool,
    `pending-requests${age.name}`,
    `select request_id, name, message, traceparent, is_vouched, accepted_at::text as accepted_at from baton.inbox b
      where (accepted_at, request_id) > ($1::timestamptz, $2) ${age.condition}
        and not exists (select from baton.waiting_run w where w.request_id = b.request_id)
      order by accepted_at, request_id limit $3`,
    [after?.acceptedAt ?? '-infinity', after === undefined ? '' : storableText(after.requestId), limit, ...age.values],
  );
  return rows.map((row) => ({
    acceptedAt: row.accepted_at,
    isVouched: row.is_vouched,
    requestId: row.request_id,
    name: row.name,
    message: storedMessage(row),
  }));
}

/** Strikes off a request that needs no effect any more: another message with its id, or for a run that has ended. */
export async function forgetRequest(pool: Pool, requestId: RequestId): Promise<void> {
  await database<Tables>(pool, 'forget-request')
    .deleteFrom('inbox')
    .where('request_id', '=', storableText(requestId))
    .execute();
}

/** The run on which a request had its effect. */
export async function findRequest(pool: Pool, requestId: RequestId): Promise<{ readonly runId: RunId } | null> {
  const row = await database<Tables>(pool, 'find-request')
    .selectFrom('request')
    .select('run_id')
    .where('request_id', '=', storableText(requestId))
    .executeTakeFirst();
  return row === undefined ? null : { runId: row.run_id };
}

/**
 * A message as whoever carries it out reads it, with the trace that is kept beside it. A hub of before takes the message as it
 * stands in the table and in the queue, and refuses members that it does not know.
 */
export function storedMessage(row: { readonly message: string; readonly traceparent: string | null }): JsonObject {
  const message = JsonObject.parse(JSON.parse(row.message));
  return row.traceparent === null ? message : { ...message, traceparent: row.traceparent };
}

const toRequest = (row: Pick<Tables['inbox'], 'request_id' | 'name' | 'message' | 'traceparent'>): PendingRequest => ({
  requestId: row.request_id,
  name: row.name,
  message: storedMessage(row),
});
