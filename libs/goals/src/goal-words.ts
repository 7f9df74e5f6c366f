/*
 * What a text is about, as words that can be compared: lower case, without accents, without the endings that English gives
 * them. Deterministic, so that a replay, a test and a person with a pencil come to the same.
 */

/** Said of anything; they tell no worker from another. */
const SAID_OF_ANYTHING: ReadonlySet<string> = new Set(
  (
    'a about after all an and any are as at be been but by can could do does each every for from get give given has have how i ' +
    'if in into is it its just let make may me my need not of on one or our out own please so some such take than that the ' +
    'their them then there these they this to up us use using want was we were what when where which who will with would you your'
  ).split(' '),
);

const ENDINGS = [
  ['ies', 'y'],
  ['ations', ''],
  ['ation', ''],
  ['ings', ''],
  ['ing', ''],
  ['ers', ''],
  ['er', ''],
  ['ors', ''],
  ['or', ''],
  ['ed', ''],
  ['es', ''],
  ['s', ''],
] as const;
/** What is left of a word has to be one still. */
const LEAST_STEM = 3;

/** The words of a text that tell something, in their order, each once. */
export function goalWords(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words.filter((word) => !SAID_OF_ANYTHING.has(word)).map(stemOf))];
}

/** `documentationLocations` as words. */
export const wordsOfName = (name: string): readonly string[] =>
  goalWords(name.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2'));

function stemOf(word: string): string {
  for (const [ending, instead] of ENDINGS) {
    const stem = word.slice(0, word.length - ending.length);
    if (word.endsWith(ending) && stem.length >= LEAST_STEM) return withoutEnd(`${stem}${instead}`);
  }
  return withoutEnd(word);
}

/** `plan` of planning and of planner, `writ` of write and of writing. */
const withoutEnd = (stem: string): string =>
  stem.length > LEAST_STEM ? stem.replace(/([^aeiouls])\1$/, '$1').replace(/e$/, '') : stem;

/** Workers and workflows that a goal names as such: `baton:worker:x`, ``the worker `x` ``, `workflow x-y`. */
export function namedInGoal(goal: string): readonly { readonly type: 'worker' | 'workflow'; readonly name: string }[] {
  const found = goal.matchAll(NAMED);
  return [...found].flatMap(([, type = '', , quoted, plain]) => {
    const name = quoted ?? plain;
    if (name === undefined || (type !== 'worker' && type !== 'workflow')) return [];
    return [{ type, name }];
  });
}

/** A name without quotation marks has a dash in it: `the worker that …` names nobody. */
const NAMED =
  /\b(?:baton:)?(worker|workflow)s?(:|\s+)(?:["'`“”]([a-z][a-z0-9-]{0,62})["'`“”]|([a-z][a-z0-9]*(?:-[a-z0-9]+)+|(?<=:)[a-z][a-z0-9-]{0,62}))/g;
