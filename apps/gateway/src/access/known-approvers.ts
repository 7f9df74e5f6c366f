import type { Actor, ApprovalView, RunView } from '@baton/contracts';
import { LOCAL_ADMIN, listApiKeys, statusOf } from '@baton/event-store';
import { getApproval } from '@baton/read-model';
import { unmetBy } from '@baton/workflow';
import { mayDecide } from '../auth/route-roles.js';
import type { GatewayParts } from '../parts/parts.js';

/** The database, and whether users come with tokens of an identity provider. */
type Ports = Pick<GatewayParts, 'pool' | 'users'>;

const asActor = (id: string, person: string | null): Actor => ({
  type: 'apikey',
  id,
  ...(person === null ? {} : { person }),
});

/**
 * Everybody who could answer an approval now: the keys that exist and open its route. Null where users come with tokens:
 * nobody here knows how many there are.
 */
export async function knownApprovers({ pool, users }: Ports) {
  if (users !== null) return null;
  const keys = (await listApiKeys(pool)).filter((key) => statusOf(key) === 'active');
  return [{ name: LOCAL_ADMIN, roles: ['admin' as const], person: null }, ...keys]
    .filter(({ roles }) => mayDecide(roles))
    .map(({ name, roles, person }) => ({ by: asActor(name, person), roles }));
}

/** The approval with why it cannot be given, as things are: looked at anew each time, so that a fitting key ends it. */
export async function withBlocked(ports: Ports, approval: ApprovalView): Promise<ApprovalView> {
  const { status, policy, submittedBy, approvals } = approval;
  if (status !== 'open' || policy === null) return approval;
  const standing = { submittedBy, given: approvals.map(({ by }) => by) };
  const known = await knownApprovers(ports);
  return known === null ? approval : { ...approval, blocked: unmetBy(policy, known, standing) };
}

/** Each costs a look at the log. */
const MOST_LOOKED_AT = 5;

/** The run with the same said of the approvals that it waits for. */
export async function withBlockedWaits<R extends RunView>(ports: Ports, run: R): Promise<R> {
  const ids = run.waitingFor
    .flatMap((wait) => (wait.kind === 'approval' ? [wait.approvalId] : []))
    .slice(0, MOST_LOOKED_AT);
  if (ids.length === 0) return run;
  const blocked = new Map<string, string>();
  for (const id of ids) {
    const approval = await getApproval(ports.pool, id);
    const why = approval === null ? null : (await withBlocked(ports, approval)).blocked;
    if (why !== null) blocked.set(id, why);
  }
  const waitingFor = run.waitingFor.map((wait) => {
    const why = wait.kind === 'approval' ? blocked.get(wait.approvalId) : undefined;
    return wait.kind === 'approval' && why !== undefined ? { ...wait, blocked: why } : wait;
  });
  return { ...run, waitingFor };
}
