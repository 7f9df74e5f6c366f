import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

const ALGORITHMS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  MD5: md5,
  'SHA-1': sha1,
  'SHA-256': sha256,
  'SHA-384': sha384,
  'SHA-512': sha512,
};

export const HASH_ALGORITHMS: readonly string[] = Object.keys(ALGORITHMS);

/** The hash of bytes in lower-case hexadecimal; null where there is no such algorithm. */
export function hashOf(bytes: Uint8Array, algorithm: string): string | null {
  const hash = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
  return hash === undefined ? null : bytesToHex(hash(bytes));
}
