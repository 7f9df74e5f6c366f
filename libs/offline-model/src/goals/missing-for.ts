import type { Composition, GoalCandidate } from '@baton/contracts';

const MOST_WORDS = 8;

/** A worker that there is none of, named by the words that nothing here knows, with what comes nearest. */
export function missingFor(text: string, candidates: readonly GoalCandidate[]): Composition['missing'][number] {
  const near = candidates.find(({ lacks }) => lacks.length > 0);
  const lack = near === undefined ? '' : ` The nearest is ${near.use}: ${near.lacks.join('; ')}.`;
  const does = `${text.slice(0, 200)}${lack}`.slice(0, 500);
  return { kind: kindFor(text), does, takes: 'what the goal names', gives: 'what the goal asks for' };
}

function kindFor(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [];
  const kind = words
    .slice(0, MOST_WORDS)
    .filter((word) => !/^(the|and|for|with|this|that|into|from)$/.test(word))
    .slice(0, 2)
    .join('-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63);
  return kind === '' ? 'a-new-worker' : kind;
}
