import { BatonError } from '@baton/contracts';
import { isConnectionLoss } from '@baton/event-store';

/** Whether the database, and not the request, is the cause: the same request can succeed later. */
export function isDatabaseAway(thrown: unknown): boolean {
  if (thrown instanceof BatonError) return thrown.code === 'database-unreachable';
  return thrown instanceof Error && isConnectionLoss(thrown);
}
