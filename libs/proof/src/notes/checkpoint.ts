import { BatonError } from '@baton/contracts';
import { HASH_BYTES } from '../tree/hashes.js';
import type { SignerKey, VerifierKey } from './note-keys.js';
import { openNote, signNote } from './signed-note.js';

/** What a checkpoint says: the log of this name had so many events, and this was the root of their tree. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** A checkpoint as it was published, once its signature was checked. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
  readonly signedBy: readonly VerifierKey[];
}

/** The note of a checkpoint, in the form of C2SP tlog-checkpoint. */
export const signCheckpoint = ({ origin, size, root }: Checkpoint, signers: readonly SignerKey[]): string =>
  signNote(`${origin}\n${size}\n${root.toString('base64')}\n`, signers);

/** @throws BatonError `bad-note` where no key signed it, or it is no checkpoint of the log that the keys are named after */
export function openCheckpoint(note: string, keys: readonly VerifierKey[]): SignedCheckpoint {
  const { text, signedBy } = openNote(note, keys);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint === null || signedBy.some(({ name }) => name !== checkpoint.origin)) {
    throw new BatonError('The note is signed, but it is no checkpoint of this log.', { code: 'bad-note' });
  }
  return { ...checkpoint, note, signedBy };
}

/** The text of a checkpoint read; null where it is none. */
function parseCheckpoint(text: string): Checkpoint | null {
  const [, origin = '', size, root = ''] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/.exec(text) ?? [];
  const bytes = Buffer.from(root, 'base64');
  return size === undefined || bytes.length !== HASH_BYTES ? null : { origin, size: Number(size), root: bytes };
}
