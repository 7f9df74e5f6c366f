import { stemmer } from 'stemmer';

/*
 * What a text is found by. Written for prose and for code: `parseCsvRow` and `parse_csv_row` are found by their parts as
 * well, scripts that put no space between words by pairs of characters, and English words by their stems: `numbers` finds
 * `number`. Words of other languages lose an ending here and there, in texts and queries alike.
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
  const whole = stemmer(token.toLowerCase());
  const parts = token.split(/_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u).filter((part) => part !== '');
  return parts.length < 2 ? [whole] : [whole, ...parts.map((part) => stemmer(part.toLowerCase()))];
}

function pairsOf(token: string): readonly string[] {
  const characters = [...token].map((character) => character.toLowerCase());
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}
