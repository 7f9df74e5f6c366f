import { BatonError } from '@baton/contracts';
import { HASH_BYTES } from '../tree/hashes.js';
import type { SignerKey, VerifierKey } from './note-keys.js';
import { openNote, signNote } from './signed-note.js';

const FIRST_LINE = 'baton access log v1';

/** What an anchor says: the log of access beside this log had so many entries, and this was the hash of the last. */
export interface AccessAnchor {
  readonly origin: string;
  readonly position: number;
  readonly hash: Buffer;
}

/** The note of an anchor. Its first line is none of a checkpoint's, so neither is ever taken for the other. */
export const signAccessAnchor = ({ origin, position, hash }: AccessAnchor, signers: readonly SignerKey[]): string =>
  signNote(`${FIRST_LINE}\n${origin}\n${position}\n${hash.toString('base64')}\n`, signers);

/** An anchor as it was published, once its signature was checked. */
export interface SignedAccessAnchor extends AccessAnchor {
  readonly note: string;
  readonly signedBy: readonly VerifierKey[];
}

/** @throws BatonError `bad-note` where no key signed it, or it is no anchor of the log that the keys are named after */
export function openAccessAnchor(note: string, keys: readonly VerifierKey[]): SignedAccessAnchor {
  const { text, signedBy } = openNote(note, keys);
  const [, first, origin = '', position, encoded = ''] =
    /^([^\n]+)\n([^\n]+)\n([1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/.exec(text) ?? [];
  const hash = Buffer.from(encoded, 'base64');
  const isSound = first === FIRST_LINE && hash.length === HASH_BYTES && signedBy.every(({ name }) => name === origin);
  if (isSound) return { origin, position: Number(position), hash, note, signedBy };
  throw new BatonError('The note is signed, but it says nothing of the log of access.', { code: 'bad-note' });
}
