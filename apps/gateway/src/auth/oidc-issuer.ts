import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import { isPrivateWay, type OidcConfig } from './oidc-config.js';

const ANSWER_MS = 5_000;
/** How long its keys are believed without asking again. */
const KEYS_MS = 10 * 60_000;
/** How often it is asked at most, whatever tokens come: an unknown key is a reason to ask, and anybody can invent one. */
const ASK_EVERY_MS = 10_000;

const PrivateWay = z.string().refine(isPrivateWay, 'expected an https address');
const Discovery = z.object({
  issuer: z.string(),
  jwks_uri: z.url(),
  authorization_endpoint: PrivateWay.optional(),
  token_endpoint: PrivateWay.optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
});

/** An issuer as its discovery document has it. */
export interface Issuer {
  readonly keys: JWTVerifyGetKey;
  /** Where people sign in, and where a code is changed for a token; null where it says nothing of that. */
  readonly authorizationEndpoint: string | null;
  readonly tokenEndpoint: string | null;
  /** Whether a secret may come in the header Authorization, which is the usual way. */
  readonly takesBasic: boolean;
}

/** The discovery document of an issuer, asked for when the first token comes, and again after a failure. */
export function issuerOf(
  { issuer, issuerText }: Pick<OidcConfig, 'issuer' | 'issuerText'>,
  monotonicMs: () => number,
  askEveryMs: number = ASK_EVERY_MS,
): { readonly asked: () => Promise<Issuer>; readonly failed: () => void } {
  let known: Promise<Issuer> | null = null;
  let mayAskAtMs = Number.NEGATIVE_INFINITY;
  const discover = async (): Promise<Issuer> => {
    const address = `${issuer.href.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) });
    if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    const found = Discovery.parse(await response.json());
    if (found.issuer !== issuerText) {
      throw new Error(`${address} speaks for ${found.issuer}, and BATON_OIDC_ISSUER is ${issuerText}`);
    }
    const options = { cacheMaxAge: KEYS_MS, cooldownDuration: askEveryMs, timeoutDuration: ANSWER_MS };
    const methods = found.token_endpoint_auth_methods_supported;
    return {
      keys: createRemoteJWKSet(new URL(found.jwks_uri), options),
      authorizationEndpoint: found.authorization_endpoint ?? null,
      tokenEndpoint: found.token_endpoint ?? null,
      takesBasic: methods === undefined || methods.includes('client_secret_basic'),
    };
  };
  const failed = (): void => {
    known = null;
    mayAskAtMs = monotonicMs() + askEveryMs;
  };
  return {
    failed,
    asked: () => {
      if (known === null && monotonicMs() < mayAskAtMs) return Promise.reject(issuerAway(issuerText, undefined));
      known ??= discover().catch((thrown: unknown) => {
        failed();
        throw issuerAway(issuerText, thrown);
      });
      return known;
    },
  };
}

/** Nobody can be told who they are; keys of Baton need no issuer. */
export const issuerAway = (issuer: string, cause: unknown): ProblemError =>
  new ProblemError(`The identity provider ${issuer} does not answer as it should, so no token of it can be checked.`, {
    status: 503,
    code: 'issuer-unreachable',
    next: 'Try again in a few seconds, or use a key of `baton auth key create`; whoever operates Baton finds the reason in the log of the gateway.',
    headers: { 'retry-after': '10' },
    cause,
  });
