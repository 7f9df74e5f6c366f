import type { HeldCredential } from '@baton/event-store';
import { z } from 'zod';
import { openText, sealText } from '../sealing/sealed-text.js';
import type { Known } from './caller.js';
import { sha256Of } from './key-format.js';

/*
 * What is kept of the credential that a session or a code was made with. A key is named by its id, and read anew with every
 * request. Anything else is sealed under the secret, which only the browser has, and the token of the stack: when that is another
 * one, what was sealed is nothing. A token of the identity provider is checked anew with every request like any other.
 */

const Held = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stack') }),
  z.object({ type: z.literal('token'), token: z.string(), isIdToken: z.boolean() }),
]);
type Held = z.infer<typeof Held>;

const sealing = (token: string, secret: string) => ({ token, key: secret, keySha256: sha256Of(secret) });

/** @param token of the stack */
export function holdCredential({ credential }: Known, secret: string, token: string): HeldCredential {
  if (credential.type === 'key') return { keyId: credential.keyId };
  return { held: sealText(sealing(token, secret), JSON.stringify(Held.parse(credential))) };
}

/** @returns null where it was sealed under another token of the stack */
export function openHeld(held: Buffer, secret: string, token: string): Held | null {
  const text = openText(sealing(token, secret), held);
  return text === null ? null : Held.parse(JSON.parse(text));
}
