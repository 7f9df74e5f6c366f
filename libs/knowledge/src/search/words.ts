/*
 * What a text is found by. Written for prose and for code: `parseCsvRow` and `parse_csv_row` are found by their parts as
 * well, and scripts that put no space between words by pairs of characters.
 */

const LONGEST_WORD = 48;
const MOST_WORDS_OF_QUERY = 40;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Linear in the length of the text, whatever it is: nothing in it is a pattern. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [token] of text.normalize('NFKC').matchAll(/[\p{L}\p{M}\p{N}_]+/gu)) {
    if (UNSPACED.test(token)) words.push(...pairsOf(token));
    else words.push(...partsOf(token));
  }
  return words;
}

export const wordsOfQuery = (query: string): string[] => [...new Set(wordsOf(query))].slice(0, MOST_WORDS_OF_QUERY);

function partsOf(token: string): readonly string[] {
  // A key or a hash is no word, and every one of them would stay in the index.
  if (token.length > LONGEST_WORD) return [];
  const whole = token.toLowerCase();
  const parts = token.split(/_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u).filter((part) => part !== '');
  return parts.length < 2 ? [whole] : [whole, ...parts.map((part) => part.toLowerCase())];
}

function pairsOf(token: string): readonly string[] {
  const characters = [...token].map((character) => character.toLowerCase());
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}
