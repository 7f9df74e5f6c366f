import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import type { Known } from './caller.js';
import type { OidcConfig } from './oidc-config.js';
import { type Issuer, issuerAway } from './oidc-issuer.js';

/*
 * The authorization code flow with PKCE. What holds its two halves together stays with the browser, in a cookie: the state, which
 * the provider gives back; the nonce, which stands in the token; the verifier, without which nobody changes the code for it.
 */

/** What the browser keeps while somebody is at the provider. Each part is 256 bits in base64url. */
export interface OidcJourney {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface OidcClient {
  readonly id: string;
  readonly issuer: string;
  readonly begin: (redirectUri: string) => Promise<{ readonly address: string; readonly journey: OidcJourney }>;
  /** @throws ProblemError 401 where the provider gives nothing for the code, or a token that is not for this journey */
  readonly finish: (redirectUri: string, journey: OidcJourney, code: string) => Promise<Known>;
}

const ANSWER_MS = 5_000;
const TokenAnswer = z.object({ id_token: z.string() });

const random = (): string => randomBytes(32).toString('base64url');

/**
 * @param known whom an ID token makes of somebody
 * @returns null where Baton is not known to the provider
 */
export function openOidcClient(
  { client, issuerText }: Pick<OidcConfig, 'client' | 'issuerText'>,
  issuer: { readonly asked: () => Promise<Issuer> },
  known: (idToken: string) => Promise<Known>,
): OidcClient | null {
  if (client === null) return null;
  const { id, secret, scopes } = client;

  async function idTokenFor(form: Readonly<Record<string, string>>): Promise<string> {
    const { tokenEndpoint, takesBasic } = await issuer.asked();
    if (tokenEndpoint === null) throw issuerAway(issuerText, new Error('its discovery document has no token_endpoint'));
    const isBasic = secret !== null && takesBasic;
    const body = new URLSearchParams({
      ...form,
      client_id: id,
      ...(secret !== null && !isBasic ? { client_secret: secret } : {}),
    });
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      headers: { accept: 'application/json', ...(isBasic ? { authorization: basic(id, secret) } : {}) },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch((thrown: unknown) => {
      throw issuerAway(issuerText, thrown);
    });
    if (response.status >= 400 && response.status < 500) {
      await response.body?.cancel();
      throw oidcRefused('The identity provider gave no token for the code that it sent.');
    }
    const parsed = response.ok ? TokenAnswer.safeParse(await response.json().catch(() => null)) : null;
    if (parsed?.success === true) return parsed.data.id_token;
    throw issuerAway(issuerText, new Error(`${tokenEndpoint} answered ${response.status} without an ID token`));
  }

  return {
    id,
    issuer: issuerText,
    begin: async (redirectUri) => {
      const { authorizationEndpoint } = await issuer.asked();
      if (authorizationEndpoint === null)
        throw issuerAway(issuerText, new Error('its discovery document has no authorization_endpoint'));
      const journey = { state: random(), nonce: random(), verifier: random() };
      const address = new URL(authorizationEndpoint);
      const asked = {
        response_type: 'code',
        client_id: id,
        redirect_uri: redirectUri,
        scope: scopes,
        state: journey.state,
        nonce: journey.nonce,
        code_challenge: createHash('sha256').update(journey.verifier).digest('base64url'),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
      return { address: address.href, journey };
    },
    finish: async (redirectUri, { nonce, verifier }, code) => {
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
      const idToken = await idTokenFor(form);
      const user = await known(idToken);
      const claims = decodeJwt(idToken);
      // Who is named beside us may be who it was made for.
      const isOurs = claims.azp === undefined ? [claims.aud].flat().length === 1 : claims.azp === id;
      if (claims.nonce === nonce && isOurs) return user;
      throw oidcRefused('The token of the identity provider is not for this sign-in.');
    },
  };
}

const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

/** Nothing came of it: whoever it was may begin again. */
export const oidcRefused = (detail: string): ProblemError =>
  new ProblemError(detail, {
    status: 401,
    code: 'oidc-refused',
    next: 'Begin again on the page of the dashboard, or sign in with a key or a link of `baton auth link`.',
  });
