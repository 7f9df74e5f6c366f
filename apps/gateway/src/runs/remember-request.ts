import type { RequestId, RunId, RunView } from '@baton/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';

/** What a request taken over HTTP asked for. */
export interface HttpRequest {
  readonly requestId: RequestId;
  readonly runId: RunId;
  /** SHA-256 (hex) of the canonical JSON of everything that was asked: a repetition has the same. */
  readonly sha256: string;
  /** How a submission's run is shown until the hub begins it; null for requests to a run that exists. */
  readonly view: RunView | null;
}

/** `other`: the request id stands for another request. */
export type Remembered = 'new' | 'same' | 'other';

const Row = z.object({ run_id: z.string(), sha256: z.string() });

/** Writes the request down unless its id is known. The first of two that come at once decides what the id means. */
export async function rememberRequest(pool: Pool, request: HttpRequest): Promise<Remembered> {
  const { rowCount } = await pool.query(
    `insert into baton.accepted_request (request_id, run_id, sha256, view) values ($1, $2, decode($3, 'hex'), $4)
     on conflict do nothing`,
    [request.requestId, request.runId, request.sha256, request.view === null ? null : JSON.stringify(request.view)],
  );
  if (rowCount === 1) return 'new';
  return (await recallRequest(pool, request)) ?? 'other';
}

/** Whether the request is known. @returns null when its id is not. */
export async function recallRequest(
  pool: Pool,
  request: Pick<HttpRequest, 'requestId' | 'runId' | 'sha256'>,
): Promise<'same' | 'other' | null> {
  const { rows } = await pool.query(
    `select run_id::text, encode(sha256, 'hex') as sha256 from baton.accepted_request where request_id = $1`,
    [request.requestId],
  );
  if (rows.length === 0) return null;
  const known = Row.parse(rows[0]);
  return known.sha256 === request.sha256 && known.run_id === request.runId ? 'same' : 'other';
}
