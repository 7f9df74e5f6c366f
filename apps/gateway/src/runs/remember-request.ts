import type { RequestId, RunId, RunView } from '@baton/contracts';
import { readModel } from '@baton/read-model';
import type { Pool } from 'pg';

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

/** Writes the request down unless its id is known. The first of two that come at once decides what the id means. */
export async function rememberRequest(pool: Pool, request: HttpRequest): Promise<Remembered> {
  const { requestId, runId, sha256, view } = request;
  const { numInsertedOrUpdatedRows: inserted } = await readModel(pool, 'remember-request')
    .insertInto('accepted_request')
    .values({
      request_id: requestId,
      run_id: runId,
      sha256: Buffer.from(sha256, 'hex'),
      view: view === null ? null : JSON.stringify(view),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 1n) return 'new';
  return (await recallRequest(pool, request)) ?? 'other';
}

/** Whether the request is known. @returns null when its id is not. */
export async function recallRequest(
  pool: Pool,
  { requestId, runId, sha256 }: Pick<HttpRequest, 'requestId' | 'runId' | 'sha256'>,
): Promise<'same' | 'other' | null> {
  const known = await readModel(pool, 'recall-request')
    .selectFrom('accepted_request')
    .select(['run_id', 'sha256'])
    .where('request_id', '=', requestId)
    .executeTakeFirst();
  if (known === undefined) return null;
  return known.sha256.toString('hex') === sha256 && known.run_id === runId ? 'same' : 'other';
}
