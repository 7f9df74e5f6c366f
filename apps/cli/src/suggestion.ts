import { nearestName } from '@baton/contracts';

/** "Did you mean hybrid?", or the words that there are. */
export function suggestion(word: string, known: readonly string[], what: string): string {
  const meant = nearestName(word, known);
  const all = known.length === 0 ? `There are no ${what}.` : `The ${what} are ${known.join(', ')}.`;
  return meant === null ? all : `Did you mean ${meant}? ${all}`;
}
