import { distance } from 'fastest-levenshtein';

/** A third of the letters may be wrong, two of which are one slip (`bugdet`); a word of two letters could mean anything. */
const mayDiffer = (word: string): number => (word.length < 3 ? 0 : Math.ceil(word.length / 3));

/** Two neighbours that changed places are one slip, also in a word of three letters (`uds`). */
function isSwapped(word: string, name: string): boolean {
  const at = [...word].findIndex((letter, index) => letter !== name[index]);
  return at >= 0 && word === `${name.slice(0, at)}${name[at + 1] ?? ''}${name[at] ?? ''}${name.slice(at + 2)}`;
}

/** More names than anybody would look through, longer ones than anybody would type: not worth the comparing. */
const MOST_NAMES = 2_000;
const MOST_LETTERS = 100;

/** Which of the names somebody who wrote `word` is likely to have meant; null where none is near. Case is no difference. */
export function nearestName(word: string, names: Iterable<string>): string | null {
  if (word.length > MOST_LETTERS) return null;
  const wanted = word.toLowerCase();
  let nearest: string | null = null;
  let least = mayDiffer(wanted) + 1;
  let seen = 0;
  for (const name of names) {
    if (++seen > MOST_NAMES) break;
    if (name === word || name.length > MOST_LETTERS) continue;
    const known = name.toLowerCase();
    const differs = isSwapped(wanted, known) ? 1 : distance(wanted, known);
    if (differs < least) [nearest, least] = [name, differs];
  }
  return nearest;
}

/** ` Did you mean "x"?`, to follow a sentence; empty where no name is near. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const nearest = nearestName(word, names);
  return nearest === null ? '' : ` Did you mean ${JSON.stringify(nearest)}?`;
}
