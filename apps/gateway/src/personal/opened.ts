import { isSameActor, Json, type Role } from '@baton/contracts';
import { getRun } from '@baton/read-model';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';

/** Who may read what is personal, beside whoever submitted the run. */
const READERS: ReadonlySet<Role> = new Set(['operator', 'approver', 'admin']);

/**
 * An answer about a run, with what is sealed in it opened where that was asked for.
 *
 * @throws ProblemError 403 where the caller may not read it
 */
export async function openedFor<T>(
  { pool, caller, sealer }: Pick<GatewayParts, 'pool' | 'caller' | 'sealer'>,
  runId: string,
  wish: 'open' | undefined,
  answer: T,
): Promise<T> {
  if (wish === undefined) return answer;
  const { actor, roles } = caller();
  const submittedBy = (await getRun(pool, runId))?.submittedBy;
  const isOwn = submittedBy !== undefined && isSameActor(actor, submittedBy);
  if (!isOwn && !roles.some((role) => READERS.has(role))) {
    throw new ProblemError(`What is personal in run ${runId} is not for the role ${roles.join(' and ')}.`, {
      status: 403,
      code: 'forbidden',
      next: `Leave personal=open out; ${[...READERS].join(', ')} and whoever submitted the run may read it.`,
    });
  }
  return (await sealer.opened(Json.parse(answer), runId)) as T;
}
