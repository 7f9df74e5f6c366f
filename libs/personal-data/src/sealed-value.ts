import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Json, type JsonObject } from '@baton/contracts';

/*
 * A value that only whoever has its key can read, in the place of the value it stands for. To everything in between, the log,
 * the rules, the views, it is an object like any other: it is moved and stored, and says nothing. The name of the run is part
 * of what is authenticated, so a copy of it in another run is no more than text.
 */

/** What stands in the log. `box`, in base64: 12 bytes of nonce, the ciphertext, 16 bytes of tag (AES-256-GCM). */
export interface SealedValue extends JsonObject {
  readonly $sealed: { readonly key: string; readonly run: string; readonly box: string };
}

/** What is shown, and handed to workers, where the key has been destroyed. */
export const ERASED: JsonObject = { $erased: true };

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key of a subject. `key`: 32 bytes. */
export interface SubjectKey {
  readonly keyId: string;
  readonly key: Buffer;
}

export function isSealed(value: Json): value is SealedValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  if (names.length !== 1 || names[0] !== '$sealed') return false;
  const { $sealed: inner } = value as JsonObject;
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return false;
  const { key, run, box } = inner as JsonObject;
  return typeof key === 'string' && typeof run === 'string' && typeof box === 'string';
}

const boundTo = (keyId: string, runId: string): Buffer => Buffer.from(`baton personal v1\n${keyId}\n${runId}`, 'utf8');

/** Seals a value for a subject, within a run. */
export function seal(value: Json, { keyId, key }: SubjectKey, runId: string): SealedValue {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(keyId, runId));
  const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  const box = Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64');
  return { $sealed: { key: keyId, run: runId, box } };
}

/** The value again; undefined where it was not sealed with this key for the run that it names. */
export function open({ $sealed: { key: keyId, run, box } }: SealedValue, key: Buffer): Json | undefined {
  const bytes = Buffer.from(box, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(boundTo(keyId, run))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Json.parse(JSON.parse(Buffer.concat([text, decipher.final()]).toString('utf8')));
  } catch {
    return undefined;
  }
}
