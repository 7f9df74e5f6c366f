import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** What Postgres itself uses. */
const ITERATIONS = 4096;
const LENGTH = 32;

/**
 * A password in the form in which Postgres keeps it (RFC 5802, SCRAM-SHA-256): given to `create role`, it stands in no log
 * and in no list of running statements as itself.
 *
 * @param password ASCII: other texts would have to be prepared by SASLprep
 * @param salt 16 random bytes
 */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, LENGTH, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
