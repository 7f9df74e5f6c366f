/** Words too common to say what a sentence is about. */
const COMMON = new Set(
  (
    'a an and are as at be been but by can each every for from has have if in into is it its may must no not of on one or ' +
    'same shall should so than that the their them then there these they this to up used uses was when where which will with would'
  ).split(' '),
);

/** Scripts written without spaces: a run of them is compared by pairs of characters. */
const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー]+$/u;
const RUN =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー]+|[\p{L}\p{M}\p{N}]+/gu;

/** The telling words of a text, without their common English endings, each once. */
export function tellingWords(text: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const run of text.normalize('NFKC').toLowerCase().match(RUN) ?? []) {
    if (UNSPACED.test(run)) for (const pair of pairsOf(run)) words.add(pair);
    else if (!COMMON.has(run)) words.add(stem(run));
  }
  return words;
}

/** The share (0–1) of a sentence's telling words that the text has. A sentence without any counts as covered. */
export function coverage(sentence: string, words: ReadonlySet<string>): number {
  const asked = [...tellingWords(sentence)];
  if (asked.length === 0) return 1;
  return asked.filter((word) => words.has(word)).length / asked.length;
}

/** How alike two sentences are (0–1): shared telling words among all of both. */
export function likeness(one: string, other: string): number {
  const [first, second] = [tellingWords(one), tellingWords(other)];
  const shared = [...first].filter((word) => second.has(word)).length;
  const all = first.size + second.size - shared;
  return all === 0 ? 0 : shared / all;
}

function pairsOf(run: string): readonly string[] {
  const characters = [...run];
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

function stem(word: string): string {
  if (word.length <= 4) return word;
  return word.replace(/(?:ations?|ings?|ers?|ed|es|s)$/, '').replace(/e$/, '');
}
