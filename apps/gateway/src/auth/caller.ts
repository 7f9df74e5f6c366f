import { AsyncLocalStorage } from 'node:async_hooks';
import type { AccessScope, Actor, Role } from '@baton/contracts';
import type { RunScope } from '@baton/read-model';
import { ProblemError } from '../http/problem.js';
import { isForScoped, mayTake, rolesFor } from './route-roles.js';

/** By what somebody is known, and so what may end it. */
type Credential =
  | { readonly type: 'stack' }
  | { readonly type: 'key'; readonly keyId: string; readonly isReplaced: boolean; readonly expiresAt: string | null }
  | { readonly type: 'token'; readonly expiresAt: string };

/** Who sent a request, as its key or its token says. */
export interface Caller {
  readonly actor: Actor;
  readonly roles: readonly Role[];
  /** Which runs the caller has to do with; null: all. */
  readonly scope: AccessScope | null;
  readonly credential: Credential;
  /** Where the request came from. */
  readonly address?: string;
}

/** The same as the lists of runs take it. */
export function runScopeOf({ actor: { type, id }, scope }: Caller): RunScope | null {
  if (scope === null) return null;
  const { workflows, labels, own } = scope;
  return { workflows, labels, submittedBy: own === true ? `${type}:${id}` : undefined };
}

const SAID_AS = { stack: 'The key', key: 'The key', token: 'The user' } as const;

/** @throws ProblemError 403 that names the roles that would do, or says that the key is for certain runs */
export function refuseUnlessMay(caller: Caller, method: string, route: string): void {
  const { actor, roles, scope, credential } = caller;
  const who = `${SAID_AS[credential.type]} ${actor.id}`;
  if (!mayTake(roles, method, route)) {
    const wanted = [...rolesFor(method, route), 'admin'].join(' or ');
    const has = roles.length === 0 ? 'no role' : `the role ${roles.join(' and ')}`;
    throw new ProblemError(`${who} has ${has}, and this needs ${wanted}.`, {
      status: 403,
      code: 'forbidden',
      next:
        credential.type === 'token'
          ? 'Ask whoever administers Baton to map one of your groups to that role (BATON_OIDC_ROLES).'
          : 'Use a key with that role; an admin makes one with `baton auth key create`.',
    });
  }
  if (scope === null || isForScoped(method, route)) return;
  throw new ProblemError(`${who} is for certain runs alone, and this is about more than those.`, {
    status: 403,
    code: 'out-of-scope',
    next: 'Use a key without a scope; GET /v1/auth/me shows the scope of this one.',
  });
}

/** Whether a run that somebody wants to begin is one of theirs. @throws ProblemError 403 that says what is missing */
export function refuseOutsideScope(
  { actor, scope }: Caller,
  run: { readonly workflow: string; readonly labels?: Readonly<Record<string, string>> | undefined },
): void {
  if (scope === null) return;
  const { workflows, labels = {} } = scope;
  const given = new Map(Object.entries(run.labels ?? {}));
  const missing = Object.entries(labels).filter(([name, value]) => given.get(name) !== value);
  const problems = [
    ...(workflows === undefined || workflows.includes(run.workflow) ? [] : [`runs of ${workflows.join(' or ')}`]),
    ...missing.map(([name, value]) => `runs with the label ${name}=${value}`),
  ];
  if (problems.length === 0) return;
  throw new ProblemError(`The key ${actor.id} is for ${problems.join(' and ')} alone.`, {
    status: 403,
    code: 'out-of-scope',
    next: missing.length > 0 ? 'Submit it with that label, or use another key.' : 'Use another key.',
  });
}

/** Hands whoever sent the request on to what is done for it. */
export const callers = new AsyncLocalStorage<Caller>();

/** Of the request that is being served. Throws where there is none: a route that is open has nobody. */
export function currentCaller(): Caller {
  const caller = callers.getStore();
  if (caller === undefined) throw new Error('nobody is known to have sent this request');
  return caller;
}
