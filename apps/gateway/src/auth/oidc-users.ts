import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Known } from './caller.js';
import { type Grant, mergedGrants } from './grants.js';
import { type OidcClient, openOidcClient } from './oidc-client.js';
import type { OidcConfig } from './oidc-config.js';
import { issuerAway, issuerOf } from './oidc-issuer.js';
import { unauthorized } from './unauthorized.js';

/** Who users are, by the tokens of their identity provider. */
export interface Users {
  /** @param isIdToken whether it is one that the provider made out for Baton's own sign-in */
  readonly callerOf: (token: string, isIdToken?: boolean) => Promise<Known>;
  /** Leads people to the provider and back; null where Baton is not known there. */
  readonly client: OidcClient | null;
}

/**
 * Checks signature, algorithm, issuer, audience and times of a token, and reads who it is for and what their groups may do.
 *
 * @param askEveryMs how often the issuer is asked at most
 */
export function openUsers(config: OidcConfig, monotonicMs: () => number, askEveryMs?: number): Users {
  const issuer = issuerOf(config, monotonicMs, askEveryMs);
  const callerOf: Users['callerOf'] = async (token, isIdToken = false) => {
    const audience = isIdToken ? config.client?.id : config.audience;
    if (audience === undefined) throw unauthorized('The token was made out for a sign-in that is no more.');
    const { keys } = await issuer.asked();
    const { payload } = await jwtVerify(token, keys, {
      issuer: config.issuerText,
      audience,
      algorithms: [...config.algorithms],
      clockTolerance: config.clockToleranceS,
      requiredClaims: ['exp', 'iss', 'aud'],
    }).catch((thrown: unknown) => {
      const refusal = refusalOf(thrown, { ...config, audience });
      if (refusal !== null) throw refusal;
      issuer.failed();
      throw issuerAway(config.issuerText, thrown);
    });
    refuseUnlessAllowed(config, payload);
    return {
      actor: { type: 'user', id: userOf(config, payload), via: 'oidc' },
      grants: grantsOf(config, payload),
      credential: { type: 'token', token, isIdToken, expiresAt: new Date((payload.exp ?? 0) * 1000).toISOString() },
    };
  };
  return { callerOf, client: openOidcClient(config, issuer, (idToken) => callerOf(idToken, true)) };
}

/** What is wrong with the token, where it is the token; null where its issuer could not be asked. */
function refusalOf(thrown: unknown, { audience, issuerText }: OidcConfig): Error | null {
  if (thrown instanceof errors.JWTExpired) return unauthorized('The token has expired.', 'token-expired');
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    const said = {
      iss: `The token is not one of ${issuerText}.`,
      aud: `The token is not for ${audience}.`,
      nbf: 'The token is not valid yet.',
    };
    const claim = thrown.claim === 'iss' || thrown.claim === 'aud' || thrown.claim === 'nbf' ? thrown.claim : null;
    return unauthorized(
      claim === null ? `The claim ${thrown.claim} of the token is not as it should be.` : said[claim],
    );
  }
  if (thrown instanceof errors.JOSEAlgNotAllowed || thrown instanceof errors.JOSENotSupported) {
    return unauthorized('The token is signed with an algorithm that is not allowed here.');
  }
  const isOfToken =
    thrown instanceof errors.JWSInvalid ||
    thrown instanceof errors.JWTInvalid ||
    thrown instanceof errors.JWSSignatureVerificationFailed ||
    thrown instanceof errors.JWKSNoMatchingKey ||
    thrown instanceof errors.JWKSMultipleMatchingKeys;
  return isOfToken ? unauthorized('The token is not signed with a key of its issuer.') : null;
}

/** A claim by its name, which may have dots in it, or by its path. */
function claimOf(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let found: unknown = payload;
  for (const part of name.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = Reflect.get(found, part);
  }
  return found;
}

const textsOf = (claim: unknown): readonly string[] =>
  (Array.isArray(claim) ? claim : [claim]).filter((each) => typeof each === 'string');

function userOf({ userClaim }: OidcConfig, payload: JWTPayload): string {
  const id = claimOf(payload, userClaim);
  if (typeof id !== 'string' || id.length > 200 || !/^[^\p{Cc}\p{Cs}]+$/u.test(id)) {
    throw unauthorized(`The token names no user in its claim ${userClaim}.`);
  }
  // Whoever may write down any address must not become somebody by it.
  if (userClaim === 'email' && payload.email_verified === false) {
    throw unauthorized('The address of the token was not verified by its issuer.');
  }
  return id;
}

function grantsOf({ groupsClaim, grantsOfGroups }: OidcConfig, payload: JWTPayload): readonly Grant[] {
  const groups = textsOf(claimOf(payload, groupsClaim));
  return mergedGrants(groups.flatMap((group) => grantsOfGroups.get(group) ?? []));
}

function refuseUnlessAllowed({ allow }: OidcConfig, payload: JWTPayload): void {
  if (allow === null || allow.some(([claim, value]) => textsOf(claimOf(payload, claim)).includes(value))) return;
  throw unauthorized('The token is sound, and its user is not among those who may use this Baton.', 'user-not-allowed');
}
