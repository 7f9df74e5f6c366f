import type { RunView } from '@baton/contracts';

/*
 * The words by which a run is found: made here, and not by the parser of the database, so that what waits in the inbox and what
 * has a view are found by the same, in every language and whatever signs stand between.
 */

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** In bytes at most four times as many, which is far from what an entry of the index may have. */
const MOST_CHARACTERS = 64;
const MOST_WORDS = 200;

const wordsIn = (text: string): readonly string[] => [
  ...new Set(
    (text.normalize('NFKC').toLowerCase().match(WORD) ?? []).map((word) =>
      word.slice(0, MOST_CHARACTERS).toWellFormed(),
    ),
  ),
];

type Named = Pick<RunView, 'runId' | 'workflow' | 'title' | 'labels' | 'submittedBy'>;

/** Of its title, its labels, its workflow, whoever submitted it, and the beginning of its id. */
export function wordsOf({ runId, workflow, title, labels, submittedBy }: Named): readonly string[] {
  const texts = [runId.slice(0, 8), workflow, submittedBy.id, title ?? '', ...Object.values(labels)];
  return wordsIn(texts.join(' ')).slice(0, MOST_WORDS);
}

/** As the database is asked: every word of the text is the beginning of one of the run's. Empty where the text has none. */
export const wordsQuery = (text: string): string =>
  wordsIn(text)
    .map((word) => `'${word}':*`)
    .join(' & ');

/** The same of a run that is not in the database's index. */
export function hasWords(run: Named, text: string): boolean {
  const words = wordsOf(run);
  const asked = wordsIn(text);
  return asked.length > 0 && asked.every((start) => words.some((word) => word.startsWith(start)));
}
