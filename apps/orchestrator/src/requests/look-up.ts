import { type RequestId, storableText } from '@baton/contracts';
import { gathering, type PendingRequest, query, storedMessage } from '@baton/event-store';
import type { Pool } from 'pg';

/** What has to be known of a request before it is read. */
export interface LookedUp {
  /** As the gateway accepted it; null where it did not, or where it had its effect. */
  readonly accepted: PendingRequest | null;
  /** The number of the last change of the workflows: see `Catalog.asOf`. */
  readonly change: number;
}

interface Row {
  readonly change: number;
  readonly request_id: string | null;
  readonly name: string | null;
  readonly message: string | null;
  readonly traceparent: string | null;
}

/** All that a submission needs of the database before its run is written, in one query for those that come at the same moment. */
export function lookUpIn(pool: Pool): (requestId: RequestId) => Promise<LookedUp> {
  const look = gathering<string, readonly Row[]>(async (requestIds) => {
    const rows = await query<Row>(
      pool,
      'look-up-requests',
      `select c.number as change, b.request_id, b.name, b.message, b.traceparent
         from baton.workflow_change c left join baton.inbox b on b.request_id = any($1::text[]) and b.is_vouched`,
      [requestIds],
    );
    const found = Map.groupBy(rows, (row) => row.request_id);
    return (requestId) => found.get(requestId) ?? rows.slice(0, 1);
  });
  return async (requestId) => {
    const id = storableText(requestId);
    const [row] = await look(id);
    if (row === undefined) throw new Error('the table of the changes of workflows has no row');
    const { change, request_id, name, message, traceparent } = row;
    const isFound = request_id === id && name !== null && message !== null;
    return { change, accepted: isFound ? { requestId, name, message: storedMessage({ message, traceparent }) } : null };
  };
}
