import { Composition, GoalMatch } from '@baton/contracts';
import { z } from 'zod';
import { tellingWords } from '../words.js';

/** What the template `goal_compose` is filled with, of which the offline model reads this. */
export const ComposeSteps = z.looseObject({ goal: z.string(), matches: GoalMatch });

/** Of a word in a description that nothing else has, and of a name that nothing else has. */
const LEAST_SCORE = 1;
const SURE_SCORE = 3;
/** So much of what is wanted has to be in the words of whoever does it. */
const LEAST_SHARE = 1 / 3;
const MOST_WORDS = 8;

/**
 * The best of what the program matched for each part of the goal, where that can be called at all. It understands nothing: where
 * no word of a part is one of a worker's, it says that a worker for it is missing.
 */
export function composeSteps({ goal, matches }: z.output<typeof ComposeSteps>): Composition {
  const steps: Composition['steps'] = [];
  const missing: Composition['missing'] = [];
  for (const { text, candidates } of matches.parts) {
    const words = tellingWords(text).size;
    const best = candidates.find(
      ({ score, arguments: args, reasons }) =>
        args !== null && score >= LEAST_SCORE && (score >= SURE_SCORE || reasons.length >= words * LEAST_SHARE),
    );
    if (best === undefined || best.arguments === null) {
      const near = candidates.find(({ lacks }) => lacks.length > 0);
      const lack = near === undefined ? '' : ` The nearest is ${near.use}: ${near.lacks.join('; ')}.`;
      missing.push({ ...missingFor(text), does: `${text.slice(0, 200)}${lack}`.slice(0, 500) });
      continue;
    }
    const name = freeName(best.use, steps);
    steps.push({ name, does: text.slice(0, 300), use: best.use, arguments: best.arguments });
  }
  if (matches.parts.length === 0) missing.push({ ...missingFor(goal), does: goal.slice(0, 500) });
  const why =
    missing.length > 0
      ? 'The offline model compares words alone, and for these none fits.'
      : `The offline model took what shares most words: ${steps.map(({ use }) => use).join(', ')}.`;
  const title = steps.map(({ use }) => use.replace(/^\w+:/, '').replace(/@.*/, '')).join(', then ');
  return { title: title.slice(0, 120) || 'Nothing', why, steps: missing.length > 0 ? [] : steps, missing };
}

/** A name made of the words that nothing here knows. */
function missingFor(text: string): Omit<Composition['missing'][number], 'does'> {
  const words = text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [];
  const kind = words
    .slice(0, MOST_WORDS)
    .filter((word) => !/^(the|and|for|with|this|that|into|from)$/.test(word))
    .slice(0, 2)
    .join('-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63);
  return { kind: kind === '' ? 'a-new-worker' : kind, takes: 'what the goal names', gives: 'what the goal asks for' };
}

function freeName(use: string, steps: Composition['steps']): string {
  const bare = use.replace(/^\w+:/, '').replace(/@.*/, '');
  const words = bare.split('-').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`);
  const base = words
    .join('')
    .replace(/^[^A-Z]+/, 'Step')
    .slice(0, 30);
  const isTaken = (name: string): boolean => steps.some((step) => step.name === name);
  let count = 1;
  while (isTaken(count === 1 ? base : `${base}${count}`)) count += 1;
  return count === 1 ? base : `${base}${count}`;
}
