import { AsyncLocalStorage } from 'node:async_hooks';
import type { AccessScope, Actor, Role } from '@baton/contracts';
import type { RunScope } from '@baton/read-model';
import { ProblemError } from '../http/problem.js';
import { type Grant, grantedOn } from './grants.js';
import { isForScoped, rolesFor } from './route-roles.js';

/** By what somebody is known, and so what may end it. */
type Credential =
  | { readonly type: 'stack' }
  | { readonly type: 'key'; readonly keyId: string; readonly isReplaced: boolean; readonly expiresAt: string | null }
  | {
      readonly type: 'token';
      readonly token: string;
      /** Whether it was made out for Baton's own sign-in at the provider, and not for its API. */
      readonly isIdToken: boolean;
      readonly expiresAt: string;
    };

/** Whom a credential makes of somebody, and what it may do, whatever is asked with it. */
export interface Known {
  readonly actor: Actor;
  /** As `mergedGrants` gives them. */
  readonly grants: readonly Grant[];
  readonly credential: Credential;
  /** Where they came with the cookie of a session. */
  readonly session?: {
    readonly sessionId: string;
    /** RFC 3339. */
    readonly endsAt: string;
    readonly csrf: string;
  };
}

/** Who sent a request, as its key or its token says. */
export interface Caller extends Known {
  /** Those that count for what is asked. */
  readonly roles: readonly Role[];
  /** Which runs the caller has to do with here: those of any of these; null: all. */
  readonly scopes: readonly AccessScope[] | null;
  /** Where the request came from. */
  readonly address?: string;
}

/** The same as the lists of runs take it. */
export function runScopeOf({ actor: { type, id }, scopes }: Caller): RunScope | null {
  if (scopes === null) return null;
  const anyOf = scopes.map(({ workflows, labels, own }) => ({
    workflows,
    labels,
    submittedBy: own === true ? `${type}:${id}` : undefined,
  }));
  const [only, ...others] = anyOf;
  return only === undefined || others.length > 0 ? { anyOf } : only;
}

/** All of them, for whatever runs. */
export const rolesIn = (grants: readonly Grant[]): readonly Role[] => [
  ...new Set(grants.flatMap(({ roles }) => roles)),
];

/** RFC 6750 §3.1: known, and not allowed. */
const MORE_RIGHTS = { 'www-authenticate': 'Bearer realm="baton", error="insufficient_scope"' };

const SAID_AS = { stack: 'The key', key: 'The key', token: 'The user' } as const;

/**
 * What somebody is for one route.
 *
 * @throws ProblemError 403 that names the roles that would do, or says that the credential is for certain runs
 */
export function callerOn(known: Known, method: string, route: string): Caller {
  const { actor, grants, credential } = known;
  const who = `${SAID_AS[credential.type]} ${actor.id}`;
  const granted = grantedOn(grants, method, route);
  if (granted === null) {
    const roles = rolesIn(grants);
    const wanted = [...rolesFor(method, route), 'admin'].join(' or ');
    const has = roles.length === 0 ? 'no role' : `the role ${roles.join(' and ')}`;
    throw new ProblemError(`${who} has ${has}, and this needs ${wanted}.`, {
      status: 403,
      code: 'forbidden',
      headers: MORE_RIGHTS,
      next:
        credential.type === 'token'
          ? 'Ask whoever administers Baton to map one of your groups to that role (BATON_OIDC_ROLES).'
          : 'Use a key with that role; an admin makes one with `baton auth key create`.',
    });
  }
  if (granted.scopes === null || isForScoped(method, route)) return { ...known, ...granted };
  throw new ProblemError(`${who} is for certain runs alone, and this is about more than those.`, {
    status: 403,
    code: 'out-of-scope',
    headers: MORE_RIGHTS,
    next:
      credential.type === 'token'
        ? 'Ask whoever administers Baton for a group without a scope (BATON_OIDC_ROLES); GET /v1/auth/me shows yours.'
        : 'Use a key without a scope; GET /v1/auth/me shows the scope of this one.',
  });
}

/** Whether a run that somebody wants to begin is one of theirs. @throws ProblemError 403 that says what is missing */
export function refuseOutsideScope(
  { actor, scopes, credential }: Caller,
  run: { readonly workflow: string; readonly labels?: Readonly<Record<string, string>> | undefined },
): void {
  if (scopes === null) return;
  const missing = scopes.map((scope) => missingFor(scope, run));
  if (missing.some(({ problems }) => problems.length === 0)) return;
  const wanted = missing.map(({ problems }) => problems.join(' and ')).join(', or for ');
  const isByLabel = missing.some(({ labels }) => labels.length > 0);
  throw new ProblemError(`${SAID_AS[credential.type]} ${actor.id} is for ${wanted} alone.`, {
    status: 403,
    code: 'out-of-scope',
    next: isByLabel ? 'Submit it with that label, or use another key.' : 'Use another key.',
  });
}

function missingFor(
  { workflows, labels = {} }: AccessScope,
  run: { readonly workflow: string; readonly labels?: Readonly<Record<string, string>> | undefined },
) {
  const given = new Map(Object.entries(run.labels ?? {}));
  const missing = Object.entries(labels).filter(([name, value]) => given.get(name) !== value);
  const problems = [
    ...(workflows === undefined || workflows.includes(run.workflow) ? [] : [`runs of ${workflows.join(' or ')}`]),
    ...missing.map(([name, value]) => `runs with the label ${name}=${value}`),
  ];
  return { problems, labels: missing };
}

/** Hands whoever sent the request on to what is done for it. */
export const callers = new AsyncLocalStorage<Caller>();

/** Of the request that is being served. Throws where there is none: a route that is open has nobody. */
export function currentCaller(): Caller {
  const caller = callers.getStore();
  if (caller === undefined) throw new Error('nobody is known to have sent this request');
  return caller;
}
