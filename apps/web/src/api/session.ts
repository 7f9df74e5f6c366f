import { GatewayRefused } from '@baton/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schemas, sendCsrf } from './api.js';

/** Who is signed in. */
export type Session = Schemas['SessionView'];

/** Who was signed in last, and did not sign out here. */
let last: Session | null = null;

/** Null: nobody is signed in here. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return took(await api().get('/v1/auth/session'));
    } catch (thrown) {
      if (isSignedOut(thrown)) return null;
      throw thrown;
    }
  },
  staleTime: 60_000,
});

export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: () => api().get('/v1/auth/options'),
});

/** @throws GatewayRefused */
export const signIn = async (credential: Schemas['SignIn']): Promise<Session> =>
  took(await api().post('/v1/auth/session', { body: credential }));

/** @throws GatewayRefused */
export async function signOut(): Promise<void> {
  await api().delete('/v1/auth/session');
  sendCsrf(null);
  last = null;
}

function took(session: Session): Session {
  sendCsrf(session.csrf);
  last = session;
  return session;
}

/** Whether an answer says that nobody is signed in any more: the session ended, or was ended elsewhere. */
export const isSignedOut = (thrown: unknown): boolean => thrown instanceof GatewayRefused && thrown.status === 401;

/**
 * What is refused by the server anyway is not offered. An admin may do everything. Where a session ended elsewhere, what was
 * offered stays, and what is being written with it: whoever signs in again can send it.
 */
export const mayDo = (session: Session | null | undefined, ...roles: readonly string[]): boolean =>
  (session ?? last)?.roles.some((role) => role === 'admin' || roles.includes(role)) ?? false;
