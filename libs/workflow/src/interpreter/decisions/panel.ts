import { type Json, type JsonObject, usdOf } from '@baton/contracts';
import { levelsOf, shownLevel } from '../../budgets/admission.js';
import { show } from '../../decision-points/convergence.js';
import type { Question } from '../../decision-points/question.js';
import type { StartedRun } from '../../state/run-state.js';

/*
 * The numbers of a run as a person reads them before a decision, and an advisor in its digest: scores by round and
 * dimension and what changed, what failed, what it cost and what is left.
 */

export type Asked = Pick<Question, 'point' | 'phase' | 'round' | 'facts' | 'scores'>;

/** @param most the rounds that are shown, the last ones; all of them unless told otherwise */
export function panelOf(run: StartedRun, asked: Asked, nowMs: number, most = Number.POSITIVE_INFINITY): JsonObject {
  const now = asked.scores === null || asked.phase === null || asked.round === null ? [] : [thisRound(asked)];
  const before = run.scores.filter(({ phase, round }) => phase === asked.phase && round !== asked.round);
  const rounds = [...before, ...now].slice(-most);
  return {
    ...(rounds.length === 0 ? {} : { rounds: rounds.map(({ round, scores }) => ({ round, scores: { ...scores } })) }),
    ...(rounds.length < 2 ? {} : { changes: changes(rounds) }),
    ...(asked.facts?.thresholds == null ? {} : { thresholds: asked.facts.thresholds }),
    ...(asked.facts?.failingTools == null ? {} : { failingTools: asked.facts.failingTools }),
    ...(asked.facts?.unrunTools === undefined ? {} : { unrunTools: asked.facts.unrunTools }),
    ...(asked.round === null ? {} : { round: asked.round, maxRounds: asked.facts?.maxRounds ?? null }),
    failures: run.failures.map((failure) => ({ ...failure })),
    errors: run.errorCount,
    spent: { usd: run.spent.hasUnknownPrice ? null : usdOf(run.spent.microUsd), tokens: run.spent.tokens },
    budget: levelsOf(run, nowMs).map((level): Json => ({ ...shownLevel(level) })),
  };
}

const thisRound = ({ phase, round, scores }: Asked) => ({
  phase: phase ?? '',
  round: round ?? 0,
  scores: scores ?? {},
});

/** "alignment 7 → 8.5 → 9.1", a line for each dimension. */
function changes(rounds: readonly { readonly scores: Readonly<Record<string, number>> }[]): readonly string[] {
  const dimensions = [...new Set(rounds.flatMap(({ scores }) => Object.keys(scores)))];
  return dimensions.map((dimension) => {
    const line = rounds.map(({ scores }) => (scores[dimension] === undefined ? '–' : show(scores[dimension])));
    return `${dimension} ${line.join(' → ')}`;
  });
}
