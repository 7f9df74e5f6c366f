import { BatonError, isConnectionLoss } from '@baton/contracts';

/** Whether the database, and not the request, is the cause: the same request can succeed later. */
export function isDatabaseAway(thrown: unknown): boolean {
  if (thrown instanceof BatonError) return ['database-unreachable', 'database-read-only'].includes(thrown.code);
  return isConnectionLoss(thrown);
}

/** Whether it answers and would not write: a primary that was made read-only, or a standby. */
export const isDatabaseReadOnly = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && ['database-read-only', '25006'].includes(String(thrown.code));
