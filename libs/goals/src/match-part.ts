import type { JsonObject } from '@baton/asl';
import type { GoalCandidate, GoalPart } from '@baton/contracts';
import { type Before, type Filled, fillArguments } from './fill-arguments.js';
import { fillForEach } from './fill-for-each.js';
import { type Candidate, scoreOf } from './score.js';

/** A word in a name that another has, too, is worth that much: less is no match that anybody would act on unasked. */
const CLEAR_SCORE = 2;
/** How far the best has to be ahead of the next one. */
const CLEAR_LEAD = 1.4;
const MOST_CANDIDATES = 5;

interface Part {
  readonly text: string;
  readonly input: JsonObject;
  readonly before: readonly Before[];
}

/** What there is to match with, and what each word of it is worth. */
export interface Known {
  readonly candidates: readonly Candidate[];
  readonly rarity: ReadonlyMap<string, number>;
}

/** One part of a goal against all that there is. */
export function matchPart(part: Part, { candidates, rarity }: Known): GoalPart {
  const scored = candidates
    .map((candidate) => ({ candidate, ...scoreOf(part.text, candidate, rarity) }))
    .filter(({ score }) => score > 0)
    // Of the same score the name decides, so that the order of a list never does.
    .sort((a, b) => b.score - a.score || (a.candidate.use < b.candidate.use ? -1 : 1))
    .slice(0, MOST_CANDIDATES);
  const shown = scored.map(({ candidate, score, reasons }): GoalCandidate => {
    const filled = filledFor(candidate, part);
    const lacks = [...candidate.lacks, ...(filled?.ok === false ? filled.lacks : [])];
    const isServed = filled?.ok === true && candidate.lacks.length === 0;
    return {
      ...{ use: candidate.use, score, reasons: [...reasons], lacks },
      arguments: isServed ? [...filled.arguments] : null,
      ...(isServed && filled.each !== undefined ? { each: filled.each } : {}),
    };
  });
  return { text: part.text, candidates: shown, ...verdictOf(part.text, shown) };
}

function filledFor({ input: schema }: Candidate, { text, input, before }: Part): Filled | null {
  if (schema === null) return null;
  const given = { input, before, part: text };
  return fillForEach(schema, given) ?? fillArguments(schema, given);
}

function verdictOf(text: string, [best, next]: readonly GoalCandidate[]): Pick<GoalPart, 'verdict' | 'because'> {
  const said = JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
  if (best === undefined) return { verdict: 'none', because: `Nothing here shares a word with ${said}.` };
  const why = best.reasons.map(({ word, in: where }) => `${word} (${where})`).join(', ');
  if (best.score < CLEAR_SCORE) {
    return { verdict: 'unclear', because: `${best.use} shares too little with ${said}: ${why}.` };
  }
  if (next !== undefined && best.score < next.score * CLEAR_LEAD) {
    return { verdict: 'unclear', because: `${best.use} and ${next.use} both fit ${said}.` };
  }
  if (best.arguments === null) {
    return { verdict: 'unclear', because: `${best.use} fits ${said}, but ${best.lacks.join('; ')}.` };
  }
  const each = best.each === undefined ? '' : ` It takes one, and ${best.each.value} has several: once for each.`;
  return { verdict: 'clear', because: `${best.use} fits ${said}: ${why}.${each}` };
}
