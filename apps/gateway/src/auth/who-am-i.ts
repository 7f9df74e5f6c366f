import type { WhoAmI } from '@baton/contracts';
import { type Known, rolesIn } from './caller.js';

/** Who somebody is taken for, and until when. */
export function whoAmI({ actor, grants, credential }: Known): WhoAmI {
  const [first, ...others] = grants;
  return {
    actor,
    roles: [...rolesIn(grants)],
    scope: others.length === 0 ? (first?.scope ?? null) : null,
    grants: grants.map(({ roles, scope }) => ({ roles: [...roles], scope })),
    expiresAt: endOf({ credential }),
  };
}

/** When a credential ends; null where that is not known beforehand. */
export const endOf = ({ credential }: Pick<Known, 'credential'>): string | null =>
  credential.type === 'stack' ? null : credential.expiresAt;
