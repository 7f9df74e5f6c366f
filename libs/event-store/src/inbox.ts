import { JsonObject, type RequestId, type RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import { isOlderThan } from './commands.js';
import { query } from './pool.js';
import { storableText } from './storable-text.js';

export interface PendingRequest {
  readonly requestId: RequestId;
  readonly name: string;
  readonly message: JsonObject;
}

/** One that waits, with its place in the line. */
export interface WaitingRequest extends PendingRequest {
  /** When it was accepted, by the clock of the database and as exactly as that knows it. */
  readonly acceptedAt: string;
}

export type Acceptance =
  | { readonly status: 'accepted' }
  /** The same request id was accepted before and waits; `message` is what it said then. */
  | { readonly status: 'already-accepted'; readonly message: JsonObject }
  /** The request had its effect on this run. */
  | { readonly status: 'already-processed'; readonly runId: RunId };

/** Makes a request durable before anybody is told that it was accepted. Idempotent by request id. */
export async function acceptRequest(pool: Pool, request: PendingRequest): Promise<Acceptance> {
  const processed = await findRequest(pool, request.requestId);
  if (processed !== null) return { status: 'already-processed', runId: processed.runId };
  const inserted = await query<{ request_id: string }>(
    pool,
    'accept-request',
    `insert into baton.inbox (request_id, name, message) values ($1, $2, $3)
     on conflict (request_id) do nothing returning request_id`,
    [storableText(request.requestId), request.name, JSON.stringify(request.message)],
  );
  if (inserted.length > 0) return { status: 'accepted' };
  const waiting = await acceptedRequest(pool, request.requestId);
  if (waiting !== null) return { status: 'already-accepted', message: waiting.message };
  // It was decided between the two looks.
  return acceptRequest(pool, request);
}

/** A request as it was accepted, as long as it has not had its effect; null for any other. */
export async function acceptedRequest(pool: Pool, requestId: RequestId): Promise<PendingRequest | null> {
  const [row] = await query<{ name: string; message: string }>(
    pool,
    'waiting-request',
    'select name, message from baton.inbox where request_id = $1',
    [storableText(requestId)],
  );
  return row === undefined ? null : { requestId, name: row.name, message: JsonObject.parse(JSON.parse(row.message)) };
}

/** Whether a run was asked for that has not begun. */
export async function isRunAccepted(pool: Pool, runId: RunId): Promise<boolean> {
  const rows = await query(
    pool,
    'accepted-run',
    `select 1 from baton.inbox
      where (name = 'submit' and message->>'runId' = $1) or (name = 'fork' and message->>'forkId' = $1) limit 1`,
    [runId],
  );
  return rows.length > 0;
}

/** Accepted requests that have not had their effect, oldest first: those behind `after`, and accepted so long ago. */
export async function pendingRequests(
  pool: Pool,
  page: {
    readonly olderThanMs?: number;
    readonly after?: Pick<WaitingRequest, 'acceptedAt' | 'requestId'>;
    readonly limit: number;
  },
): Promise<readonly WaitingRequest[]> {
  const { olderThanMs = null, after, limit } = page;
  const rows = await query<{ request_id: string; name: string; message: string; accepted_at: string }>(
    pool,
    'pending-requests',
    `select request_id, name, message, accepted_at::text as accepted_at from baton.inbox
      where (accepted_at, request_id) > ($1::timestamptz, $2) and ${isOlderThan('accepted_at', '$3')}
      order by accepted_at, request_id limit $4`,
    [after?.acceptedAt ?? '-infinity', after === undefined ? '' : storableText(after.requestId), olderThanMs, limit],
  );
  return rows.map((row) => ({
    acceptedAt: row.accepted_at,
    requestId: row.request_id,
    name: row.name,
    message: JsonObject.parse(JSON.parse(row.message)),
  }));
}

/** Strikes off a request that needs no effect any more: another message with its id, or for a run that has ended. */
export async function forgetRequest(pool: Pool, requestId: RequestId): Promise<void> {
  await query(pool, 'forget-request', 'delete from baton.inbox where request_id = $1', [storableText(requestId)]);
}

/** The run on which a request had its effect. */
export async function findRequest(pool: Pool, requestId: RequestId): Promise<{ readonly runId: RunId } | null> {
  const [row] = await query<{ run_id: string }>(
    pool,
    'find-request',
    'select run_id from baton.request where request_id = $1',
    [storableText(requestId)],
  );
  return row === undefined ? null : { runId: row.run_id };
}
