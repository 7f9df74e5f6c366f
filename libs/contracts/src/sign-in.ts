import { z } from 'zod';
import { WhoAmI } from './api-keys.js';
import { Actor } from './intake.js';

/** `POST /v1/auth/session`: a code that is good for once, or a key or token. */
export const SignIn = z.union([
  z.strictObject({ code: z.string().min(1).max(200) }),
  z.strictObject({ token: z.string().min(1).max(20_000) }),
]);

/** Of whoever is signed in with a browser: who they are, and what guards what they do. */
export const SessionView = WhoAmI.extend({
  /** Sent as the header x-baton-csrf with every request that is no GET. */
  csrf: z.string(),
  /** When the session ends, whatever is done with it; RFC 3339. It ends before that where it is not used. */
  endsAt: z.string(),
});
export type SessionView = z.infer<typeof SessionView>;

/** The answer to `POST /v1/auth/codes`: the only time that the code is shown. */
export const SignInCode = z.object({
  code: z.string(),
  /** Where a browser signs in with it: behind the address of the gateway. */
  path: z.string(),
  expiresAt: z.string(),
});
export type SignInCode = z.infer<typeof SignInCode>;

/** `GET /v1/auth/options`: the ways to sign in. */
export const SignInOptions = z.object({
  code: z.boolean(),
  key: z.boolean(),
  /** The identity provider that people are led to; null where there is none. */
  oidc: z.object({ issuer: z.string(), clientId: z.string() }).nullable(),
});
export type SignInOptions = z.infer<typeof SignInOptions>;

/** A browser that is signed in. */
export const SignedIn = z.object({
  sessionId: z.string(),
  /** Null where it began with a Baton that did not write that down. */
  actor: Actor.nullable(),
  beganAt: z.string(),
  /** To the minute. */
  usedAt: z.string(),
  /** Whatever is done with it; it ends before that where it is not used, or its credential ends. */
  endsAt: z.string(),
  /** Whether it is the one that asks. */
  isThis: z.boolean(),
});
export type SignedIn = z.infer<typeof SignedIn>;

/** `GET /v1/auth/sessions`: those that began last first; `next` is the cursor of the following page. */
export const SessionList = z.object({ sessions: z.array(SignedIn), next: z.string().nullable() });
export type SessionList = z.infer<typeof SessionList>;
