import type { JsonObject } from '@baton/asl';
import type { ComposedStep, Composition, GoalCandidate, GoalCatalog, GoalMatch, GoalPart } from '@baton/contracts';
import { type Before, fillArguments } from './fill-arguments.js';
import { namedInGoal, partsOfGoal } from './goal-words.js';
import { missingNamed } from './missing-worker.js';
import { type Candidate, candidatesOf, rarityIn, scoreOf } from './score.js';

/*
 * Which workers and workflows serve a goal, without asking anybody: the words of the goal are held against their names, titles,
 * descriptions and what they take. Pure, and every point of a score is explained.
 */

/** A word in a name that another has, too, is worth that much: less is no match that anybody would act on unasked. */
const CLEAR_SCORE = 2;
/** How far the best has to be ahead of the next one. */
const CLEAR_LEAD = 1.4;
const MOST_CANDIDATES = 5;

/** @param input what the goal is about, by name */
export function matchGoal(goal: string, input: JsonObject, catalog: GoalCatalog): GoalMatch {
  const absent = missingNamed(namedInGoal(goal), catalog);
  if (absent.length > 0) {
    const because = `The goal names ${absent.map(({ kind }) => kind).join(', ')}, and no such worker or workflow is there.`;
    return { verdict: 'missing', because, parts: [], composition: nothing(absent, because) };
  }
  const candidates = candidatesOf(catalog);
  const rarity = rarityIn(candidates);
  const parts: GoalPart[] = [];
  const steps: ComposedStep[] = [];
  const before: Before[] = [];
  for (const text of partsOfGoal(goal)) {
    const part = matchPart({ text, goal, input, before }, candidates, rarity);
    parts.push(part);
    const [best] = part.candidates;
    if (part.verdict !== 'clear' || best === undefined || best.arguments === null) continue;
    const chosen = candidates.find(({ use }) => use === best.use);
    const name = nameFor(best.use, before);
    steps.push({ name, does: text.slice(0, 300), use: best.use, arguments: best.arguments });
    before.push({ name, output: chosen?.output ?? null });
  }
  const open = parts.filter(({ verdict }) => verdict !== 'clear');
  if (open.length > 0) {
    const because = open.map(({ because: why }) => why).join(' ');
    return { verdict: 'unclear', because, parts, composition: null };
  }
  const because = parts.map(({ because: why }) => why).join(' ');
  const title = titleOf(steps, candidates);
  return { verdict: 'clear', because, parts, composition: { title, why: because.slice(0, 2_000), steps, missing: [] } };
}

interface Part {
  readonly text: string;
  readonly goal: string;
  readonly input: JsonObject;
  readonly before: readonly Before[];
}

function matchPart(part: Part, candidates: readonly Candidate[], rarity: ReadonlyMap<string, number>): GoalPart {
  const { text, input, before } = part;
  const scored = candidates
    .map((candidate) => ({ candidate, ...scoreOf(text, candidate, rarity) }))
    .filter(({ score }) => score > 0)
    // Of the same score the name decides, so that the order of a list never does.
    .sort((a, b) => b.score - a.score || (a.candidate.use < b.candidate.use ? -1 : 1))
    .slice(0, MOST_CANDIDATES);
  const shown = scored.map(({ candidate, score, reasons }): GoalCandidate => {
    const filled = candidate.input === null ? null : fillArguments(candidate.input, { input, before, part: text });
    const lacks = [...candidate.lacks, ...(filled?.ok === false ? filled.lacks : [])];
    const args = filled?.ok === true && candidate.lacks.length === 0 ? [...filled.arguments] : null;
    return { use: candidate.use, score, reasons: [...reasons], arguments: args, lacks };
  });
  return { text, candidates: shown, ...verdictOf(text, shown) };
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
  return { verdict: 'clear', because: `${best.use} fits ${said}: ${why}.` };
}

/** `WriteReport` of nothing else than its name: `Report`, and `Report2` where there is one already. */
function nameFor(use: string, before: readonly Pick<Before, 'name'>[]): string {
  const [, bare = ''] = /:([a-z0-9-]+)/.exec(use) ?? [];
  const words = bare.split('-').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`);
  const base = words
    .join('')
    .replace(/^[^A-Z]+/, 'Step')
    .slice(0, 30);
  const taken = new Set(before.map(({ name }) => name));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? base : `${base}${count}`;
    if (!taken.has(name)) return name;
  }
}

const titleOf = (steps: readonly ComposedStep[], candidates: readonly Candidate[]): string =>
  steps
    .map(({ use }) => candidates.find((each) => each.use === use)?.title ?? use)
    .join(', then ')
    .slice(0, 120);

const nothing = (missing: Composition['missing'], why: string): Composition => ({
  title: 'Nothing',
  why: why.slice(0, 2_000),
  steps: [],
  missing,
});
