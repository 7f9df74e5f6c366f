import type { Schemas } from '../../api/api.js';

type Run = Schemas['RunSummary'];
type Decision = Schemas['DecisionView'];

/** What runs of one kind came to. */
export interface Total {
  readonly name: string;
  readonly runs: number;
  /** Null: of at least one run it is not known what it cost. */
  readonly costUsd: number | null;
  readonly tokens: number;
}

export interface Durations {
  readonly name: string;
  readonly runs: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** The least of the values that at least that share of them does not exceed. Null of none. */
export function percentileOf(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** An unknown part makes the sum unknown, never less. */
const plus = (sum: number | null, part: number | null): number | null =>
  sum === null || part === null ? null : sum + part;

/** Those that cost most first; what is not known before all of them. */
export function totalsBy(runs: readonly Run[], nameOf: (run: Run) => string): readonly Total[] {
  const totals = new Map<string, Total>();
  for (const run of runs) {
    const name = nameOf(run);
    const before = totals.get(name) ?? { name, runs: 0, costUsd: 0, tokens: 0 };
    totals.set(name, {
      name,
      runs: before.runs + 1,
      costUsd: plus(before.costUsd, run.usage.costUsd),
      tokens: before.tokens + run.usage.inputTokens + run.usage.outputTokens,
    });
  }
  const weight = ({ costUsd }: Total): number => costUsd ?? Number.POSITIVE_INFINITY;
  return [...totals.values()].toSorted(
    (a, b) => Number(weight(b) > weight(a)) - Number(weight(b) < weight(a)) || b.runs - a.runs,
  );
}

/** The list of runs says which models a run had, not which one cost what: those of several are named together. */
export const modelsOf = (run: Run): string => (run.models.length === 0 ? 'no model' : run.models.join(' + '));

/** UTC, as the range is. */
export const dayOf = (at: string): string => at.slice(0, 10);

const MOST_DAYS = 400;

/** Every day from the first to the last, also those on which nothing was. */
export function daysBetween(first: string, last: string): readonly string[] {
  const days: string[] = [];
  for (let ms = Date.parse(first); ms <= Date.parse(last) && days.length < MOST_DAYS; ms += 86_400_000)
    days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
}

/** Of runs that ended, those that take longest first. */
export function durationsOf(runs: readonly Run[]): readonly Durations[] {
  const spans = Map.groupBy(
    runs.filter(({ endedAt }) => endedAt !== null),
    ({ workflow }) => workflow,
  );
  return [...spans]
    .map(([name, ended]) => {
      const ms = ended.map((run) => Date.parse(run.endedAt ?? run.startedAt) - Date.parse(run.startedAt));
      return { name, runs: ms.length, medianMs: percentileOf(ms, 0.5) ?? 0, p95Ms: percentileOf(ms, 0.95) ?? 0 };
    })
    .toSorted((a, b) => b.p95Ms - a.p95Ms);
}

/** How many rounds the phases of a workflow took. */
export interface Rounds {
  readonly name: string;
  readonly runs: number;
  readonly mean: number;
  readonly most: number;
}

export function roundsOf(runs: readonly Run[]): readonly Rounds[] {
  const found = runs.flatMap((run) =>
    Object.entries(run.rounds).map(([phase, rounds]) => ({ name: `${run.workflow} · ${phase}`, rounds })),
  );
  return [...Map.groupBy(found, ({ name }) => name)]
    .map(([name, each]) => ({
      name,
      runs: each.length,
      mean: each.reduce((sum, { rounds }) => sum + rounds, 0) / each.length,
      most: Math.max(...each.map(({ rounds }) => rounds)),
    }))
    .toSorted((a, b) => b.mean - a.mean);
}

/** Who decided, how often a person was asked, and how often advice was not what the rule says. */
export interface Deciders {
  readonly total: number;
  readonly bySource: readonly (readonly [string, number])[];
  readonly escalations: readonly Decision[];
  readonly conflicts: readonly Decision[];
  readonly advised: number;
}

export function decidersOf(decisions: readonly Decision[]): Deciders {
  const bySource = [...Map.groupBy(decisions, ({ source }) => source)].map(
    ([source, each]) => [source, each.length] as const,
  );
  return {
    total: decisions.length,
    bySource: bySource.toSorted((a, b) => b[1] - a[1]),
    escalations: decisions.filter(({ actionType }) => actionType === 'request_human'),
    conflicts: decisions.filter(({ conflictReason }) => conflictReason !== null),
    advised: decisions.filter(
      ({ source, shadow, adviceRejected }) =>
        source === 'llm_override' || shadow?.move != null || adviceRejected !== null,
    ).length,
  };
}
