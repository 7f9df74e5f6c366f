import { GatewayRefused } from '@baton/client';
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { sendCsrf } from './api.js';

/** Looser than what the gateway promises: a newer one may say more. */
const Session = z.object({
  actor: z.object({ type: z.string(), id: z.string() }),
  roles: z.array(z.string()),
  csrf: z.string(),
});

/** Who is signed in. */
export type Session = z.infer<typeof Session>;

const ADDRESS = '/v1/auth/session';

async function ask(method: 'GET' | 'POST' | 'DELETE', body?: object, csrf?: string): Promise<Response> {
  return fetch(ADDRESS, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(csrf === undefined ? {} : { 'x-baton-csrf': csrf }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function sessionIn(answer: Response): Promise<Session> {
  const session = Session.parse(await answer.json());
  sendCsrf(session.csrf);
  return session;
}

/** Null: nobody is signed in here. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    const answer = await ask('GET');
    if (answer.status === 401) return null;
    if (!answer.ok) throw new Error(`The gateway answered ${answer.status}.`);
    return sessionIn(answer);
  },
  staleTime: 60_000,
});

const Refusal = z.object({ detail: z.string().optional(), next: z.string().optional() }).catch({});

/** @throws Error that says why not, in the gateway's words */
export async function signIn(credential: { readonly code: string } | { readonly token: string }): Promise<Session> {
  const answer = await ask('POST', credential);
  if (answer.ok) return sessionIn(answer);
  const { detail, next } = Refusal.parse(await answer.json().catch(() => ({})));
  throw new Error([detail ?? `The gateway answered ${answer.status}.`, next].filter(Boolean).join(' '));
}

export async function signOut(session: Session): Promise<void> {
  await ask('DELETE', undefined, session.csrf);
  sendCsrf(null);
}

/** Whether an answer says that nobody is signed in any more: the session ended, or was ended elsewhere. */
export const isSignedOut = (thrown: unknown): boolean => thrown instanceof GatewayRefused && thrown.status === 401;

/** What is refused by the server anyway is not offered. An admin may do everything. */
export const mayDo = (session: Session | null | undefined, ...roles: readonly string[]): boolean =>
  session?.roles.some((role) => role === 'admin' || roles.includes(role)) ?? false;
