import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { HookVerification } from '@baton/contracts';
import { sha256Of } from '../auth/key-format.js';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Who sent it has proven who it is. `deliveryId`: the same where it is sent again; null: it has none. */
export interface ProvenDelivery {
  readonly deliveryId: string | null;
}

/** A delivery is signed for a moment; one that is older is sent again by somebody who has read it. */
const TOLERANCE_MS = 5 * 60_000;
const MOST_OF_ID = 200;
/** A body may have several signatures, while secrets are changed. */
const MOST_SIGNATURES = 10;

/**
 * Whether a delivery comes from whoever has the secret; null where it does not, or says too little. Why, nobody is told who might
 * be guessing.
 */
export function verifyDelivery(
  how: HookVerification,
  secret: string,
  { headers, body, nowMs }: { readonly headers: Headers; readonly body: Buffer; readonly nowMs: number },
): ProvenDelivery | null {
  const header = (name: string): string | null => {
    const value = headers[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  switch (how) {
    case 'standard':
      return ofStandard(secret, header, body, nowMs);
    case 'github': {
      const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      // The id beside it is not signed: whoever has read a delivery could send it as another. So it is told by what is signed.
      const deliveryId = `body ${createHash('sha256').update(body).digest('hex')}`;
      const isGiven = idIn(header('x-github-delivery')) !== null;
      return isSame(header('x-hub-signature-256'), expected) && isGiven ? { deliveryId } : null;
    }
    case 'bearer': {
      const given = /^Bearer +(\S+)$/i.exec(header('authorization') ?? '')?.[1] ?? null;
      const said = header('idempotency-key') ?? header('webhook-id');
      const deliveryId = idIn(said);
      return isSame(given, secret) && (said === null || deliveryId !== null) ? { deliveryId } : null;
    }
  }
}

/** The secret is that of Standard Webhooks: base64 behind `whsec_`. */
function ofStandard(
  secret: string,
  header: (name: string) => string | null,
  body: Buffer,
  nowMs: number,
): ProvenDelivery | null {
  const deliveryId = idIn(header('webhook-id'));
  const timestamp = header('webhook-timestamp') ?? '';
  if (deliveryId === null || !/^\d{1,12}$/.test(timestamp)) return null;
  if (Math.abs(nowMs - Number(timestamp) * 1000) > TOLERANCE_MS) return null;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = createHmac('sha256', key).update(`${deliveryId}.${timestamp}.`).update(body).digest('base64');
  const given = (header('webhook-signature') ?? '').split(' ').slice(0, MOST_SIGNATURES);
  // All of them are looked at, however many are wrong.
  return given.filter((each) => isSame(each, `v1,${signed}`)).length > 0 ? { deliveryId } : null;
}

const idIn = (text: string | null): string | null =>
  text !== null && text.length <= MOST_OF_ID && /^[\x21-\x7e]+$/.test(text) ? text : null;

/** Hashes are compared, in constant time. */
const isSame = (given: string | null, expected: string): boolean =>
  given !== null && timingSafeEqual(sha256Of(given), sha256Of(expected));

/** What is wrong with a secret, in words that do not repeat it; null where nothing is. */
export function secretProblem(how: HookVerification, secret: string): string | null {
  if (how === 'standard') {
    const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return bytes.length >= 24 ? null : 'must hold 24 bytes at least, in base64 behind whsec_';
  }
  return secret.length >= 16 && /^[\x21-\x7e]+$/.test(secret) ? null : 'must have 16 printable characters at least';
}
