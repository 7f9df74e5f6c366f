import { isJsonObject, type Json, type JsonObject } from '@baton/asl';
import { canonicalSha256 } from '../../canonical-json.js';
import { belowThreshold, type DecisionFacts, noFacts } from '../../decision-points/classify.js';
import {
  analyseConvergence,
  heldThresholds,
  type Scores,
  scoreOf,
  show,
  USUAL_LIMITS,
} from '../../decision-points/convergence.js';
import { Judgement } from '../../decision-points/decision-record.js';
import type { ClassifierLimits, DecisionPoint } from '../../document/workflow-document.js';
import { cutText } from '../../excerpt.js';
import type { VisitState } from '../../state/run-state.js';
import { evaluateIn } from '../data/evaluation.js';
import type { Turn } from '../turn/turn.js';

/** Reads the facts of a decision point by its expressions. One that fails is a fact too, and never stops the run. */
export async function readFacts(turn: Turn, visit: VisitState, point: DecisionPoint): Promise<DecisionFacts> {
  const read = async (name: Exclude<keyof DecisionPoint, 'state' | 'phase' | 'hysteresis'>): Promise<Json> => {
    const template = point[name];
    if (template === undefined) return null;
    const evaluated = await evaluateIn(turn, visit, `decisions.at.${name}`, template);
    return evaluated.ok ? evaluated.value : null;
  };
  const given = await read('scores');
  const { spread } = limitsOf(turn);
  const needsApproval = (await read('needsApproval')) === true;
  const needsHuman = await read('needsHuman');
  const declared = numbersOf(await read('thresholds'));
  const scores = point.scores === undefined ? null : numbersOf(given);
  const unscored = sentenceOf(await read('unscored'));
  const earlierScores = turn.run.scores.filter(({ phase }) => phase === point.phase).map((round) => round.scores);
  const thresholds = declared === null ? null : heldThresholds(declared, earlierScores, point.hysteresis ?? 0);
  return {
    ...noFacts,
    errorCount: turn.run.errorCount,
    scores,
    scoreProblems:
      point.scores === undefined || (scores === null && unscored !== null) ? [] : problemsOf(given, scores, thresholds),
    earlierScores,
    thresholds,
    round: wholeOf(await read('round')),
    maxRounds: wholeOf(await read('maxRounds')),
    failingTools: point.failingTools === undefined ? null : namesOf(await read('failingTools')),
    unrunTools: namesOf(await read('unrunTools')),
    unscored: scores === null ? unscored : null,
    standstill: sentenceOf(await read('standstill')),
    needsApproval,
    isHumanNeeded: needsHuman === true || (typeof needsHuman === 'string' && needsHuman !== ''),
    humanReasons: humanReasonsOf(turn, needsApproval, needsHuman),
    output: outputOf(turn, visit, point.output === undefined ? null : await read('output')),
    judges: judgementsOf(await read('judges')),
    findings: await read('findings'),
    toolFindings: await read('toolFindings'),
    anomalies: anomaliesOf(scores, thresholds, await read('passes'), await read('validators'), spread),
  };
}

/**
 * How far the rounds of a phase have come, for the conditions of the Choice itself: `$states.context.Convergence`, or
 * `$$.Convergence`. So any workflow can loop until it converges, in a line.
 */
export function convergenceOf(turn: Turn, facts: DecisionFacts): JsonObject {
  const { scores, thresholds, earlierScores, round, maxRounds } = facts;
  const rounds = scores === null ? [] : [...earlierScores, scores];
  const { issues, isPlateau, fallen, swinging, isLastRound } = analyseConvergence(
    rounds,
    round,
    maxRounds,
    limitsOf(turn),
  );
  const missing = scores === null || thresholds === null ? [] : belowThreshold(scores, thresholds);
  return {
    Reached: scores !== null && thresholds !== null && missing.length === 0 && doToolsPass(facts),
    Missing: missing,
    Rounds: rounds.length,
    IsPlateau: isPlateau,
    Fallen: fallen,
    Swinging: swinging,
    IsLastRound: isLastRound,
    Issues: issues,
  };
}

const limitsOf = (turn: Turn): ClassifierLimits => turn.run.document.decisions?.limits ?? USUAL_LIMITS;

/** Why a person is needed: because one is asked already, will be asked before it goes on, or because the workflow says so. */
function humanReasonsOf(turn: Turn, needsApproval: boolean, needsHuman: Json): readonly string[] {
  const isAsked = [...turn.run.commands.values()].some(({ resource }) => resource === 'baton:approval');
  return [
    ...(needsApproval ? ['an approval is required before it goes on'] : []),
    ...(isAsked ? ['an approval is open'] : []),
    ...(typeof needsHuman === 'string' && needsHuman !== '' ? [cutText(needsHuman, 300)] : []),
  ];
}

/** What was not run did not pass. */
const doToolsPass = ({ failingTools, unrunTools }: DecisionFacts): boolean =>
  (failingTools ?? []).length === 0 && unrunTools.length === 0;

function outputOf(turn: Turn, { state }: VisitState, made: Json): DecisionFacts['output'] {
  if (made === null) return null;
  const sha256 = canonicalSha256(made);
  return { sha256, isRepeated: turn.run.outputs.some((last) => last.state === state && last.sha256 === sha256) };
}

/** What is at odds in a validation: the verdict with the scores, and the validators with one another. */
function anomaliesOf(
  scores: Scores | null,
  thresholds: Scores | null,
  passes: Json,
  validators: Json,
  spread: number,
): readonly string[] {
  const found: string[] = [];
  if (typeof passes === 'boolean' && scores !== null && thresholds !== null) {
    const low = belowThreshold(scores, thresholds);
    if (passes && low.length > 0) found.push(`the verdict is good while ${low.join(' and ')} is below its threshold`);
    if (!passes && low.length === 0) found.push('the verdict is bad while every score reaches its threshold');
  }
  const each = (Array.isArray(validators) ? validators : [validators]).flatMap((one): readonly Scores[] => {
    const scored = numbersOf(one);
    return scored === null ? [] : [scored];
  });
  for (const dimension of new Set(each.flatMap((one) => Object.keys(one)))) {
    const given = each.flatMap((one) => scoreOf(one, dimension) ?? []);
    const [low, high] = [Math.min(...given), Math.max(...given)];
    if (high - low > spread) found.push(`the validators differ on ${dimension}: ${show(low)} and ${show(high)}`);
  }
  return found;
}

function judgementsOf(value: Json): readonly Judgement[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) => {
    const read = Judgement.safeParse(one);
    return read.success ? [read.data] : [];
  });
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
    const score = scoreOf(scores, dimension);
    if (score === undefined) return [`the score for ${dimension} is missing`];
    return score < 0 || score > 10 ? [`the score ${score} for ${dimension} is outside 0 to 10`] : [];
  });
}

const sentenceOf = (value: Json): string | null =>
  typeof value === 'string' && value !== '' ? cutText(value, 300) : null;

const wholeOf = (value: Json): number | null => (typeof value === 'number' && Number.isInteger(value) ? value : null);

/** A list of names; JSONata gives a single one without its list. */
const namesOf = (value: Json): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
