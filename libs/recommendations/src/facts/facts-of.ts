import type { DecisionRecord } from '@baton/workflow';

/*
 * What is known of a decision before it is made, as names that decisions share: the same sentence with other figures is the same
 * fact. What the record has as a sentence of the classifier is told by its words, which stand in the log as they were.
 */

const REASONS: readonly (readonly [RegExp, string | null])[] = [
  // Counted below, for every decision.
  [/ so far$/, null],
  [/ fell by /, 'unusual: a score fell'],
  [/ goes up and down$/, 'unusual: a score goes up and down'],
  [/^the same output came twice$/, 'unusual: the same output came twice'],
  [/^the scores gained /, 'convergence: the round gained next to nothing'],
  [/^the last of \d+ rounds is reached$/, 'convergence: the last round'],
  [/^the verdict is (good|bad) while /, 'validation: the verdict is at odds with the scores'],
  [/^the validators differ on /, 'validation: validators differ'],
  [/^every score reaches its threshold while /, 'validation: a tool fails what scores pass'],
  [/ did not run$/, 'validation: a tool did not run'],
  [/^a human is needed$/, 'a person is needed'],
];
const LONGEST = 80;

/** The facts of a decision, each once. */
export function factsOf(record: DecisionRecord): readonly string[] {
  const { point, classification, reasons, facts, round } = record;
  return [
    ...new Set([
      `point: ${point.kind}`,
      `state: ${point.state}`,
      `class: ${classification}`,
      ...reasons.flatMap(factOfReason),
      ...scoreFacts(record),
      ...(round === null ? [] : [`round: ${round > 2 ? '3 or later' : round}`]),
      ...(facts === undefined ? [] : [`errors: ${facts.errorCount > 2 ? '3 or more' : facts.errorCount}`]),
      ...(facts?.failingTools ?? []).map((tool) => `tool: ${tool} failed`),
      ...(facts?.unscored === undefined ? [] : ['the round was not scored']),
      ...(facts?.standstill === undefined ? [] : ['another round would not help']),
      ...errorFacts(record),
    ]),
  ];
}

function factOfReason(reason: string): readonly string[] {
  const known = REASONS.find(([pattern]) => pattern.test(reason));
  if (known !== undefined) return known[1] === null ? [] : [known[1]];
  const text = reason.replaceAll(/\d+(\.\d+)?/g, '#');
  return [`reason: ${text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text}`];
}

function scoreFacts({ scores, facts }: DecisionRecord): readonly string[] {
  const thresholds = facts?.thresholds ?? null;
  if (scores === null || thresholds === null) return [];
  const low = lowDimensions({ scores, thresholds });
  return low.length === 0
    ? ['scores: all reached']
    : low.map((dimension) => `score: ${dimension} is below its threshold`);
}

/** What a task failed with stands in the sentence of the rule. */
function errorFacts({ point, rationale, conflictReason }: DecisionRecord): readonly string[] {
  if (point.kind !== 'task-failed') return [];
  const [, error] = /failed with (\S+) after /.exec(conflictReason ?? rationale) ?? [];
  return error === undefined ? [] : [`error: ${error}`];
}

type Numbers = Readonly<Record<string, number>>;

/** The dimensions whose score is below its threshold; a missing one is. */
export const lowDimensions = ({ scores, thresholds }: { readonly scores: Numbers; readonly thresholds: Numbers }) =>
  Object.keys(thresholds).filter(
    (dimension) => (Object.hasOwn(scores, dimension) ? (scores[dimension] ?? 0) : 0) < (thresholds[dimension] ?? 0),
  );
