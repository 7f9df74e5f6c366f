import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import type { OidcConfig } from './oidc-config.js';

const ANSWER_MS = 5_000;
/** How long its keys are believed without asking again. */
const KEYS_MS = 10 * 60_000;
/** How often it is asked at most, whatever tokens come: an unknown key is a reason to ask, and anybody can invent one. */
const ASK_EVERY_MS = 10_000;

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** The keys of an issuer: by its discovery document, asked for when the first token comes, and again after a failure. */
export function issuerKeys(
  { issuer, issuerText }: Pick<OidcConfig, 'issuer' | 'issuerText'>,
  monotonicMs: () => number,
  askEveryMs: number = ASK_EVERY_MS,
): { readonly keys: () => Promise<JWTVerifyGetKey>; readonly failed: () => void } {
  let known: Promise<JWTVerifyGetKey> | null = null;
  let mayAskAtMs = Number.NEGATIVE_INFINITY;
  const discover = async (): Promise<JWTVerifyGetKey> => {
    const address = `${issuer.href.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) });
    if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    const found = Discovery.parse(await response.json());
    if (found.issuer !== issuerText) {
      throw new Error(`${address} speaks for ${found.issuer}, and BATON_OIDC_ISSUER is ${issuerText}`);
    }
    const options = { cacheMaxAge: KEYS_MS, cooldownDuration: askEveryMs, timeoutDuration: ANSWER_MS };
    return createRemoteJWKSet(new URL(found.jwks_uri), options);
  };
  const failed = (): void => {
    known = null;
    mayAskAtMs = monotonicMs() + askEveryMs;
  };
  return {
    failed,
    keys: () => {
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
