import { BatonError, toError } from '@baton/contracts';
import { parseVerifierKey, type SignerKey, type VerifierKey } from './note-keys.js';
import { openNote, signNote, unopenedText } from './signed-note.js';

const FIRST_LINE = 'baton key rotation v1';

/** The statement that one key follows another, signed by both: the old one says so, and the new one is in the same hands. */
export const signRotation = (from: SignerKey, to: SignerKey): string =>
  signNote(`${FIRST_LINE}\n${from.verifier.text}\n${to.verifier.text}\n`, [from, to]);

/**
 * All keys of a log, oldest first, by statements that lead from one to the next. Statements of other keys are passed over.
 *
 * @param trusted the key that is known to be right; those before and after it are, as far as statements lead
 * @throws BatonError `bad-note` for a statement that names a key of the chain and is not signed by both
 */
export function keyChain(trusted: VerifierKey, rotations: readonly string[]): readonly VerifierKey[] {
  const steps = rotations.flatMap((note) => stepOf(note) ?? []);
  const chain = [trusted];
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false;
    for (const { note, from, to } of steps) {
      const isAfter = chain.at(-1)?.text === from.text && !holds(chain, to);
      const isBefore = chain[0]?.text === to.text && !holds(chain, from);
      if (!isAfter && !isBefore) continue;
      if (openNote(note, [from, to]).signedBy.length !== 2) {
        throw new BatonError(`The statement that the key ${to.id} follows ${from.id} is not signed by both.`, {
          code: 'bad-note',
        });
      }
      if (isAfter) chain.push(to);
      else chain.unshift(from);
      isGrowing = true;
    }
  }
  return chain;
}

const holds = (chain: readonly VerifierKey[], key: VerifierKey): boolean => chain.some(({ text }) => text === key.text);

function stepOf(note: string): { note: string; from: VerifierKey; to: VerifierKey } | null {
  const [first, from = '', to = ''] = unopenedText(note).split('\n');
  if (first !== FIRST_LINE) return null;
  try {
    const [old, next] = [parseVerifierKey(from), parseVerifierKey(to)];
    return old.name === next.name ? { note, from: old, to: next } : null;
  } catch (thrown) {
    throw new BatonError(`A statement about keys cannot be read: ${toError(thrown).message}`, {
      code: 'bad-note',
      cause: thrown,
    });
  }
}
