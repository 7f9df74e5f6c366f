import { type components, openClient } from '@baton/client';

export type Schemas = components['schemas'];

let csrf: string | null = null;

/** Whoever looks at a page has no address to correct, and seldom a gateway to start. */
const NEXT: Readonly<Record<string, string>> = {
  'gateway-unreachable': 'Try again in a moment: what was sent before has its effect once.',
  'gateway-timeout': 'Try again: what was sent before has its effect once.',
};

const client = openClient({
  url: window.location.origin,
  token: null,
  csrf: () => csrf,
  advise: ({ code }) => NEXT[code],
});

/** The API, with the session of this page: the cookie says who one is, and the guard against forgery that it is this page that asks. */
export const api = (): typeof client => client;

/** From sign-in to sign-out, and when a page that was loaded again learns of its session. */
export function sendCsrf(guard: string | null): void {
  csrf = guard;
}
