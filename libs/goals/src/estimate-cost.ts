import {
  type ComposedStep,
  type GoalCatalog,
  type GoalEstimate,
  type PastUse,
  type StepEstimate,
  saidModel,
} from '@baton/contracts';

/** How much more than usual a run may well cost, where nothing bounds it. */
const MORE_THAN_USUAL = 3;
/** As the agents call it that answers without a language model. */
const OFFLINE = 'offline';

/**
 * What the steps are expected to cost: from what such runs and tasks have cost, else from what their documents allow, else it
 * is not known, and says so.
 */
export function estimateCost(steps: readonly ComposedStep[], catalog: GoalCatalog): GoalEstimate {
  const estimates = steps.map((step) => estimateStep(step, catalog));
  const sum = (of: readonly (number | null)[]): number | null =>
    of.reduce<number | null>((total, each) => (total === null || each === null ? null : rounded(total + each)), 0);
  return {
    usd: sum(estimates.map(({ usd }) => usd)),
    mostUsd: sum(estimates.map(({ mostUsd }) => mostUsd)),
    steps: estimates,
  };
}

function estimateStep({ name: step, use }: ComposedStep, { workers, workflows }: GoalCatalog): StepEstimate {
  const about = { step, use };
  if (use.startsWith('workflow:')) {
    const workflow = workflows.find(({ ref }) => `workflow:${ref}` === use);
    const past = workflow?.past ?? null;
    const budget = workflow?.budgetUsd ?? null;
    if (past !== null && past.count > past.unpriced) {
      return { ...about, ...fromPast(past, 'past-runs', 'run', budget) };
    }
    if (budget === null) return { ...about, ...unknown('no run of it has ended yet, and its document sets no budget') };
    return {
      ...about,
      ...{ usd: null, mostUsd: budget, from: 'budget', sampleSize: 0 },
      says: `no run of it has ended yet; its document allows ${usd(budget)} at most`,
    };
  }
  const worker = workers.find(({ kind }) => `worker:${kind}` === use);
  if (worker !== undefined && saidModel(worker.description) === OFFLINE) {
    const says = 'the offline model answers, which costs nothing';
    return { ...about, usd: 0, mostUsd: 0, from: 'offline-model', sampleSize: worker.past?.count ?? 0, says };
  }
  const past = worker?.past ?? null;
  if (past !== null && past.count > past.unpriced) return { ...about, ...fromPast(past, 'past-tasks', 'task', null) };
  return { ...about, ...unknown('no task of it with a known price has ended yet, and it sets no bound of its own') };
}

type Known = Omit<StepEstimate, 'step' | 'use'>;

function fromPast(past: PastUse, from: StepEstimate['from'], what: string, budget: number | null): Known {
  const sampleSize = past.count - past.unpriced;
  const mean = rounded(past.usd / sampleSize);
  const most = rounded(Math.min(mean * MORE_THAN_USUAL, budget ?? Number.POSITIVE_INFINITY));
  const unpriced = past.unpriced === 0 ? '' : `; ${past.unpriced} more have no known price`;
  const says = `the mean of ${sampleSize} ${what}${sampleSize === 1 ? '' : 's'}${unpriced}`;
  return { usd: mean, mostUsd: Math.max(mean, most), from, sampleSize, says };
}

const unknown = (says: string): Known => ({ usd: null, mostUsd: null, from: 'unknown', sampleSize: 0, says });

/** Whole micro-dollars. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

const usd = (value: number): string => `$${value.toFixed(2)}`;
