import { sign, verify } from 'node:crypto';
import { BatonError } from '@baton/contracts';
import type { SignerKey, VerifierKey } from './note-keys.js';

/** A text whose signatures were checked, and by whose keys. */
export interface OpenedNote {
  readonly text: string;
  /** At least one. */
  readonly signedBy: readonly VerifierKey[];
}

const SIGNATURE = /^— ([^+\s]+) (\S+)$/;
const ID_BYTES = 4;

/** A text (whole lines) with the signatures of these keys, in the form of C2SP signed-note. */
export function signNote(text: string, signers: readonly SignerKey[]): string {
  const lines = signers.map(({ key, verifier }) => {
    const signature = Buffer.concat([Buffer.from(verifier.id, 'hex'), sign(null, Buffer.from(text), key)]);
    return `— ${verifier.name} ${signature.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * The text of a note that at least one of the keys signed. Signatures of other keys say nothing, and are passed over.
 *
 * @throws BatonError `bad-note`
 */
export function openNote(note: string, keys: readonly VerifierKey[]): OpenedNote {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw badNote('it has no signatures');
  const text = note.slice(0, end + 1);
  const signatures = note
    .slice(end + 2, -1)
    .split('\n')
    .map((line) => {
      const [, name, encoded] = SIGNATURE.exec(line) ?? [];
      if (name === undefined || encoded === undefined) throw badNote('a line of it is no signature');
      return { name, bytes: Buffer.from(encoded, 'base64') };
    });
  const signedBy = keys.filter((key) => {
    const own = signatures.filter(
      ({ name, bytes }) => name === key.name && bytes.subarray(0, ID_BYTES).toString('hex') === key.id,
    );
    if (own.some(({ bytes }) => !verify(null, Buffer.from(text), key.key, bytes.subarray(ID_BYTES)))) {
      throw badNote(`the signature of the key ${key.id} does not fit to it`);
    }
    return own.length > 0;
  });
  if (signedBy.length === 0) {
    throw badNote(
      `it is not signed by ${keys.length === 1 ? `the key ${keys[0]?.id}` : 'any key that is trusted'}, but by ${signatures.map(({ name, bytes }) => `${name}+${bytes.subarray(0, ID_BYTES).toString('hex')}`).join(', ')}`,
    );
  }
  return { text, signedBy };
}

/** The text of a note, whoever signed it: for what is to be shown, never for what is to be believed. */
export const unopenedText = (note: string): string => note.slice(0, Math.max(0, note.lastIndexOf('\n\n') + 1));

const badNote = (why: string): BatonError =>
  new BatonError(`The note cannot be believed: ${why}.`, {
    code: 'bad-note',
    next: 'Compare the key with the one that the operator of this Baton gave you by another way.',
  });
