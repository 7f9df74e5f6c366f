import { type Json, type JsonObject, usdOf } from '@baton/contracts';
import { levelsOf, shownLevel } from '../../budgets/admission.js';
import { show } from '../../decision-points/convergence.js';
import type { Question } from '../../decision-points/question.js';
import type { StartedRun } from '../../state/run-state.js';

/*
 * The numbers of a run as a person reads them before a decision, and as an advisor is given them: scores by round and
 * dimension and what changed, what failed, what it cost and what is left.
 */

type Asked = Pick<Question, 'point' | 'phase' | 'round' | 'facts' | 'scores'>;

export function panelOf(run: StartedRun, asked: Asked, nowMs: number): JsonObject {
  const now = asked.scores === null || asked.phase === null || asked.round === null ? [] : [thisRound(asked)];
  const before = run.scores.filter(({ phase, round }) => phase === asked.phase && round !== asked.round);
  const rounds = [...before, ...now];
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

/** What an advisor is told of the run: the panel, and where the run stands. Data, never instructions. */
export function digestOf(run: StartedRun, asked: Asked, nowMs: number): JsonObject {
  // The map has them in an order that a state read from a snapshot does not share.
  const visits = [...run.visits.values()].sort((a, b) => a.visit - b.visit);
  return {
    workflow: `${run.workflow.name}@${run.workflow.version}`,
    point: { ...asked.point },
    phase: asked.phase,
    openStates: [...new Set(visits.map(({ state }) => state))].slice(0, 50),
    ...panelOf(run, asked, nowMs),
  };
}
