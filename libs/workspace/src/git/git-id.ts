import { createHash } from 'node:crypto';

/** The name that git gives to the bytes of a file, in a repository whose names are made with this hash. */
export const gitIdOf = (bytes: Buffer, hash: 'sha1' | 'sha256' = 'sha1'): string =>
  createHash(hash).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
