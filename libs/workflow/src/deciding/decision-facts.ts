import { isJsonObject, type Json } from '@baton/asl';
import { type DecisionFacts, noFacts } from '../decisions/classify.js';
import type { Scores } from '../decisions/convergence.js';
import type { DecisionPoint } from '../document.js';
import type { VisitState } from '../state.js';
import { evaluateIn } from './evaluation.js';
import type { Turn } from './turn.js';

/** Reads the facts of a decision point by its expressions. One that fails is a fact too, and never stops the run. */
export async function readFacts(turn: Turn, visit: VisitState, point: DecisionPoint): Promise<DecisionFacts> {
  const read = async (name: 'scores' | 'thresholds' | 'round' | 'maxRounds' | 'failingTools'): Promise<Json> => {
    const template = point[name];
    if (template === undefined) return null;
    const evaluated = await evaluateIn(turn, visit, `decisions.at.${name}`, template);
    return evaluated.ok ? evaluated.value : null;
  };
  const given = await read('scores');
  const thresholds = numbersOf(await read('thresholds'));
  const scores = point.scores === undefined ? null : numbersOf(given);
  return {
    ...noFacts,
    errorCount: turn.run.errorCount,
    scores,
    scoreProblems: point.scores === undefined ? [] : problemsOf(given, scores, thresholds),
    earlierScores: turn.run.scores.filter(({ phase }) => phase === point.phase).map((round) => round.scores),
    thresholds,
    round: wholeOf(await read('round')),
    maxRounds: wholeOf(await read('maxRounds')),
    failingTools: point.failingTools === undefined ? null : namesOf(await read('failingTools')),
  };
}

/** The members of an object that are numbers; null where it is none or has none. */
function numbersOf(value: Json): Scores | null {
  if (!isJsonObject(value)) return null;
  const numbers = Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'number' ? [[key, item] as const] : [],
  );
  return numbers.length === 0 ? null : Object.fromEntries(numbers);
}

function problemsOf(given: Json, scores: Scores | null, thresholds: Scores | null): readonly string[] {
  if (scores === null) return ['the scores could not be read'];
  const wanted = new Set([...Object.keys(isJsonObject(given) ? given : {}), ...Object.keys(thresholds ?? {})]);
  return [...wanted].flatMap((dimension) => {
    const score = scores[dimension];
    if (score === undefined) return [`the score for ${dimension} is missing`];
    return score < 0 || score > 10 ? [`the score ${score} for ${dimension} is outside 0 to 10`] : [];
  });
}

const wholeOf = (value: Json): number | null => (typeof value === 'number' && Number.isInteger(value) ? value : null);

/** A list of names; JSONata gives a single one without its list. */
const namesOf = (value: Json): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
