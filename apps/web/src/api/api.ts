import { type Client, type components, openClient } from '@baton/client';

export type Schemas = components['schemas'];

let client = clientWith(null);

/** One origin: the gateway serves the page and the API. The cookie says who one is; the token that it is this page that asks. */
function clientWith(csrf: string | null): Client {
  return openClient({ url: window.location.origin, token: null, ...(csrf === null ? {} : { csrf }) });
}

/** From sign-in to sign-out, and when a page that was loaded again learns of its session. */
export function sendCsrf(csrf: string | null): void {
  client = clientWith(csrf);
}

/** The API, with the session of this page. */
export const api = (): Client => client;
