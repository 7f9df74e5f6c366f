import type { Actor, ApprovalView, RunView } from '@baton/contracts';
import { listApiKeys } from '@baton/event-store';
import { getApproval } from '@baton/read-model';
import { unmetBy } from '@baton/workflow';
import type { Pool } from 'pg';
import { LOCAL_ADMIN } from './caller.js';
import { mayDecide } from './route-roles.js';

const asActor = (id: string): Actor => ({ type: 'apikey', id });

/** Everybody who could answer an approval now: the keys that exist and open its route. */
export async function knownApprovers(pool: Pool) {
  const keys = (await listApiKeys(pool)).filter(({ revokedAt }) => revokedAt === null);
  return [{ name: LOCAL_ADMIN, roles: ['admin' as const] }, ...keys]
    .filter(({ roles }) => mayDecide(roles))
    .map(({ name, roles }) => ({ by: asActor(name), roles }));
}

/** The approval with why it cannot be given, as things are: looked at anew each time, so that a fitting key ends it. */
export async function withBlocked(pool: Pool, approval: ApprovalView): Promise<ApprovalView> {
  const { status, policy, submittedBy, approvals } = approval;
  if (status !== 'open' || policy === null) return approval;
  const standing = { submittedBy, given: approvals.map(({ by }) => by) };
  return { ...approval, blocked: unmetBy(policy, await knownApprovers(pool), standing) };
}

/** Each costs a look at the log. */
const MOST_LOOKED_AT = 5;

/** The run with the same said of the approvals that it waits for. */
export async function withBlockedWaits<R extends RunView>(pool: Pool, run: R): Promise<R> {
  const ids = run.waitingFor
    .flatMap((wait) => (wait.kind === 'approval' ? [wait.approvalId] : []))
    .slice(0, MOST_LOOKED_AT);
  if (ids.length === 0) return run;
  const blocked = new Map<string, string>();
  for (const id of ids) {
    const approval = await getApproval(pool, id);
    const why = approval === null ? null : (await withBlocked(pool, approval)).blocked;
    if (why !== null) blocked.set(id, why);
  }
  const waitingFor = run.waitingFor.map((wait) => {
    const why = wait.kind === 'approval' ? blocked.get(wait.approvalId) : undefined;
    return wait.kind === 'approval' && why !== undefined ? { ...wait, blocked: why } : wait;
  });
  return { ...run, waitingFor };
}
