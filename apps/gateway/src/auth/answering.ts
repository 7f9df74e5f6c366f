import type { Answering } from '@baton/read-model';
import { type Caller, runScopeOf } from './caller.js';
import { grantedOn } from './grants.js';

/** As whom somebody answers questions, where an answer of theirs would be taken at all; null where none would. */
export function answeringOf(caller: Caller): Answering | null {
  const granted = grantedOn(caller.grants, 'POST', '/v1/approvals/:id/decision');
  if (granted === null) return null;
  return { by: caller.actor, roles: granted.roles, scope: runScopeOf({ ...caller, scopes: granted.scopes }) };
}
