const PREFIX = 'whsec_';
const NEW_BYTES = 32;
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

/** @param randomBytes such as `node:crypto`'s */
export const newSecret = (randomBytes: (count: number) => Buffer): string =>
  `${PREFIX}${randomBytes(NEW_BYTES).toString('base64')}`;

/** What is wrong with a secret that somebody chose; null when nothing is. The words never repeat it. */
export function secretProblem(secret: string): string | null {
  if (!secret.startsWith(PREFIX)) return `must begin with ${PREFIX}`;
  const encoded = secret.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  // Buffer takes any text and leaves out what is not base64; only the same text comes back the same.
  if (bytes.toString('base64') !== encoded) return `must be base64 (RFC 4648 §4, padded) after ${PREFIX}`;
  if (bytes.length < LEAST_BYTES || bytes.length > MOST_BYTES) {
    return `must hold ${LEAST_BYTES} to ${MOST_BYTES} bytes, and has ${bytes.length}`;
  }
  return null;
}
