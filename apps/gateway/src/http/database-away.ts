import { BatonError, isConnectionLoss } from '@baton/contracts';

/** Whether the database, and not the request, is the cause: the same request can succeed later. */
export function isDatabaseAway(thrown: unknown): boolean {
  if (thrown instanceof BatonError) return thrown.code === 'database-unreachable';
  return isConnectionLoss(thrown);
}
