/*
 * Prompts, code and comments are text of somebody nobody knows. React writes it as text, so markup does nothing; what is
 * left is what text can do to the eye: turn the order of what is read, hide, and be endless.
 */

/** Marks that turn the direction of what follows, or show nothing where something is. U+FEFF and the zero-width ones hide in names. */
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;

const named = (character: string): string =>
  `⟨U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** A text as it can be read: codes of terminals are gone, what cannot be seen is named. */
export const seen = (text: string): string =>
  text.replace(ANSI, '').replace(CONTROL, named).replace(UNSEEN, named).replace(/\r\n?/g, '\n');

/** The beginning of a text, and whether there is more. A character is never cut in two. */
export function beginningOf(text: string, most: number): { readonly text: string; readonly isCut: boolean } {
  if (text.length <= most) return { text, isCut: false };
  const isHigh = /[\ud800-\udbff]/.test(text.charAt(most - 1));
  return { text: text.slice(0, isHigh ? most - 1 : most), isCut: true };
}
