/*
 * What is pressed, by the name that a key has here: the character itself, so `?` is `?` on any keyboard, and `mod+` before it
 * where Control or ⌘ was held. One key after another is written with a space between: `g r`.
 */

/** What matters of a press. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const NAMED: Readonly<Record<string, string>> = { ' ': 'space', Enter: 'enter', Escape: 'escape' };

/** Null: nothing that a binding could be of, as a Shift alone, or what Alt and AltGr write. */
export function keyOf({ key, ctrlKey, metaKey, altKey }: Press): string | null {
  if (altKey) return null;
  const isMod = ctrlKey || metaKey;
  const name = NAMED[key] ?? ([...key].length === 1 ? key : null);
  if (name === null) return null;
  // With Control held a browser says `K` or `k`, as Caps Lock is.
  return isMod ? `mod+${name.toLowerCase()}` : name;
}

/**
 * What keys that were pressed one after another amount to. `begun`: a binding goes on from here.
 * Whatever does not go on begins anew with its last key, so `g x r` is not `g r`, and `g g r` is.
 */
export function sequenceAfter(
  before: readonly string[],
  key: string,
  known: readonly string[],
): { readonly pressed: readonly string[]; readonly found: string | null } {
  const tries = before.length === 0 ? [[key]] : [[...before, key], [key]];
  for (const pressed of tries) {
    const typed = pressed.join(' ');
    if (known.includes(typed)) return { pressed: [], found: typed };
    if (known.some((keys) => keys.startsWith(`${typed} `))) return { pressed, found: null };
  }
  return { pressed: [], found: null };
}
