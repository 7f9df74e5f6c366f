import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/*
 * Answers that are kept for repetitions may hold what is shown once: a key, the secret of a webhook. What a session was begun with
 * may be a token. Both are sealed under what the database does not have, so whoever reads it finds no secret that it would not
 * hold otherwise.
 */

/** What a text is sealed with. */
export interface Sealing {
  /** Of the gateway. */
  readonly token: string;
  /** What whoever comes again brings along: an Idempotency-Key, the secret of a session. */
  readonly key: string;
  readonly keySha256: Buffer;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const secretOf = ({ token, key, keySha256 }: Sealing): Buffer =>
  Buffer.from(hkdfSync('sha256', JSON.stringify([token, key]), keySha256, 'baton kept answer', 32));

export function sealText(sealing: Sealing, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, secretOf(sealing), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** @returns null where it was sealed under another token, or is not what was sealed */
export function openText(sealing: Sealing, answer: Buffer): string | null {
  const [nonce, tag] = [answer.subarray(0, NONCE_BYTES), answer.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)];
  try {
    const decipher = createDecipheriv(CIPHER, secretOf(sealing), nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(answer.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString();
  } catch {
    return null;
  }
}
