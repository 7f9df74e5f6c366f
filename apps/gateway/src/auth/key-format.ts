import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { KeyMark } from '@baton/event-store';

/*
 * A key is `baton_<id>_<secret><checksum>`: letters, digits and underscores, so that a double click selects all of it, and a
 * scanner of secrets knows it by its beginning. The id may be shown; the secret has 256 bits, so that a fast hash is enough
 * for it; by the checksum (CRC-32 of all in front of it) what is no key is refused without a question to the database.
 */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

const KEY = new RegExp(
  `^(baton_([0-9A-Za-z]{${ID_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);
/** Of before: 256 bits and nothing else. */
const OLD_KEY = /^baton_[\w-]{43}$/;

export const sha256Of = (text: string): Buffer => createHash('sha256').update(text).digest();

const randomText = (length: number): string => Array.from({ length }, () => ALPHABET[randomInt(62)]).join('');

function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let n = 0; n < CHECKSUM_LENGTH; n += 1) {
    digits = `${ALPHABET[rest % 62]}${digits}`;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** A new key, to be shown once, and what is kept of it. */
export function newKey(): KeyMark & { readonly key: string } {
  const publicId = randomText(ID_LENGTH);
  const head = `baton_${publicId}_${randomText(SECRET_LENGTH)}`;
  const key = `${head}${checksumOf(head)}`;
  return { key, publicId, sha256: sha256Of(key) };
}

/** By what a key is found; null where it is none, whoever made it. */
export function markOfKey(key: string): KeyMark | { readonly sha256: Buffer } | null {
  const [, head, publicId, checksum] = KEY.exec(key) ?? [];
  if (head !== undefined && publicId !== undefined) {
    return checksumOf(head) === checksum ? { publicId, sha256: sha256Of(key) } : null;
  }
  return OLD_KEY.test(key) ? { sha256: sha256Of(key) } : null;
}
