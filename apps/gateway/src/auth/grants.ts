import type { AccessScope, Role } from '@baton/contracts';
import { canonicalJson } from '@baton/workflow';
import { mayTake } from './route-roles.js';

/** Roles, and the runs that they are for; null: all. */
export interface Grant {
  readonly roles: readonly Role[];
  readonly scope: AccessScope | null;
}

/** What somebody may do with one route: with these roles, on the runs of any of these scopes; null: on all. */
export interface OnRoute {
  readonly roles: readonly Role[];
  readonly scopes: readonly AccessScope[] | null;
}

/** One grant for each scope, that for all runs first; what holds for all runs holds within each of the others. */
export function mergedGrants(grants: readonly Grant[]): readonly Grant[] {
  const byScope = Map.groupBy(grants, ({ scope }) => canonicalJson(scope));
  const merged = [...byScope.values()].map((same) => ({
    roles: [...new Set(same.flatMap(({ roles }) => roles))],
    scope: same[0]?.scope ?? null,
  }));
  const forAll = merged.filter(({ scope }) => scope === null);
  const others = merged.filter(({ scope }) => scope !== null);
  const always = forAll.flatMap(({ roles }) => roles);
  return [...forAll, ...others.map(({ roles, scope }) => ({ roles: [...new Set([...always, ...roles])], scope }))];
}

/**
 * Which of the grants count for a route: those that open it, and where one is for all runs that alone. Where several scopes are
 * left the roles are those that all of them have: what somebody is for one team's runs they are not for another's.
 *
 * @param grants as `mergedGrants` gives them
 * @returns null where none opens the route
 */
export function grantedOn(grants: readonly Grant[], method: string, route: string): OnRoute | null {
  const open = grants.filter(({ roles }) => mayTake(roles, method, route));
  const [first, ...others] = open;
  if (first === undefined) return null;
  if (first.scope === null) return { roles: first.roles, scopes: null };
  return {
    roles: first.roles.filter((role) => others.every(({ roles }) => roles.includes(role))),
    scopes: open.flatMap(({ scope }) => scope ?? []),
  };
}
