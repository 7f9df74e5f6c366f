import { BatonError, type Json, type RunId } from '@baton/contracts';
import { changeAt, valueAt } from './places.js';
import { ERASED, isSealed, open, type SealedValue, type SubjectKey, seal } from './sealed-value.js';
import { changeSealed, sealedIn } from './sealed-within.js';

/** Where the keys are. */
export interface KeyStore {
  /** The key of a subject, made where there is none; and notes that the run holds something of it. */
  readonly keyFor: (subject: string, runId: RunId) => Promise<SubjectKey>;
  /** Those that exist, by their ids. */
  readonly keysOf: (keyIds: readonly string[]) => Promise<ReadonlyMap<string, Buffer>>;
  readonly noteRun: (keyIds: readonly string[], runId: RunId) => Promise<void>;
}

/** What of a value is about whom. */
export interface Marked {
  /** A JSON pointer into the input of the run: the id of whom the rest is about. */
  readonly subject: string;
  /** Pointers to what is personal; `*` stands for every member. */
  readonly places: readonly string[];
}

const MOST_OF_SUBJECT = 200;

/** Whom something is about, as the input of the run says. A value that was sealed for another run names its key instead. */
export function subjectIn(input: Json, pointer: string): string | SealedValue | null {
  const value = valueAt(input, pointer);
  if (value !== undefined && isSealed(value)) return value;
  const name = typeof value === 'number' ? String(value) : value;
  return typeof name === 'string' && name !== '' && name.length <= MOST_OF_SUBJECT && name.isWellFormed() ? name : null;
}

/** What is to be said of an input that does not name whom its personal data are about, one sentence each. */
export const missingSubjects = (
  marks: readonly { readonly subject: string }[] | undefined,
  input: Json,
): readonly string[] =>
  (marks ?? []).flatMap(({ subject }) =>
    subjectIn(input, subject) === null
      ? [
          `${subject} has to say whom its personal data are about: a number, or a text of 1 to ${MOST_OF_SUBJECT} characters`,
        ]
      : [],
  );

/** Seals what is personal, and opens it again for those who have to see it. */
export class Sealer {
  constructor(private readonly keys: KeyStore) {}

  /**
   * A copy of the value in which what is marked is sealed. What is sealed already stays so.
   *
   * @param input of the run, which says whom it is about
   * @throws BatonError `unknown-subject` where it does not
   */
  async sealed(value: Json, marks: readonly Marked[], { input, runId }: { input: Json; runId: RunId }): Promise<Json> {
    let sealed = value;
    for (const { subject, places } of marks) {
      if (!isAnythingOpen(sealed, places)) continue;
      const key = await this.#keyOf(subject, input, runId);
      sealed = changeAt(sealed, places, (each) => (isSealed(each) ? each : seal(each, key, runId)));
    }
    return sealed;
  }

  /** A copy with everything opened that was sealed for this run; where the key was destroyed, `ERASED`. */
  opened(json: Json, runId: string): Promise<Json> {
    return this.#changed(json, runId, (value) => this.opened(value, runId));
  }

  /** A copy in which what was sealed for one run is sealed for another, which has it from there. */
  async moved(json: Json, from: RunId, to: RunId): Promise<Json> {
    const keyIds = new Set<string>();
    const move = (value: Json): Promise<Json> =>
      this.#changed(value, from, async (inner, key) => {
        keyIds.add(key.keyId);
        return seal(await move(inner), key, to);
      });
    const moved = await move(json);
    if (keyIds.size > 0) await this.keys.noteRun([...keyIds], to);
    return moved;
  }

  /** `change` gets what was sealed for the run, in which other values may be sealed, of the same person or of another. */
  async #changed(json: Json, runId: string, change: (value: Json, key: SubjectKey) => Promise<Json>): Promise<Json> {
    // What bears the name of another run was copied here by somebody who may not read it: it stays as it is.
    const all = sealedIn(json).filter(({ $sealed }) => $sealed.run === runId);
    if (all.length === 0) return json;
    const keys = await this.keys.keysOf([...new Set(all.map(({ $sealed }) => $sealed.key))]);
    const changed = new Map<SealedValue, Json>();
    for (const sealed of all) {
      const { key: keyId } = sealed.$sealed;
      const key = keys.get(keyId);
      const value = key === undefined ? undefined : open(sealed, key);
      if (key === undefined) changed.set(sealed, ERASED);
      else if (value !== undefined) changed.set(sealed, await change(value, { keyId, key }));
    }
    return changeSealed(json, (sealed) => changed.get(sealed) ?? (changed.has(sealed) ? null : sealed));
  }

  async #keyOf(pointer: string, input: Json, runId: RunId): Promise<SubjectKey> {
    const subject = subjectIn(input, pointer);
    if (typeof subject === 'string') return this.keys.keyFor(subject, runId);
    const keyId = subject?.$sealed.key;
    const key = keyId === undefined ? undefined : (await this.keys.keysOf([keyId])).get(keyId);
    if (keyId !== undefined && key !== undefined) return { keyId, key };
    throw new BatonError(`The input does not say at ${pointer} whom its personal data are about.`, {
      code: 'unknown-subject',
      next: `Put an id of at most ${MOST_OF_SUBJECT} characters there.`,
    });
  }
}

function isAnythingOpen(value: Json, places: readonly string[]): boolean {
  let isOpen = false;
  changeAt(value, places, (each) => {
    if (!isSealed(each)) isOpen = true;
    return each;
  });
  return isOpen;
}
