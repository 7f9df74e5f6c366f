import type { JsonObject } from '@baton/asl';
import {
  type ComposedStep,
  type GoalCandidateWorkflow,
  type GoalCatalog,
  type GoalEstimate,
  type PastUse,
  type StepEstimate,
  saidModel,
} from '@baton/contracts';
import { inInput } from './input-values.js';
import { unitsOf } from './step-units.js';

/** How much more than usual a run may well cost, where nothing bounds it. */
const MORE_THAN_USUAL = 3;
/** As the agents call it that answers without a language model. */
const OFFLINE = 'offline';

/**
 * What the steps are expected to cost: from what such runs and tasks have cost, else from what their documents allow, else it
 * is not known, and says so.
 */
export function estimateCost(
  steps: readonly ComposedStep[],
  catalog: GoalCatalog,
  input: JsonObject = {},
): GoalEstimate {
  const estimates = new Map(steps.map((step) => [step.name, times(estimateStep(step, catalog), step, input)]));
  const sumOf = (of: readonly ComposedStep[], what: 'usd' | 'mostUsd'): number | null =>
    sum(of.map(({ name }) => estimates.get(name)?.[what] ?? null));
  // Of the ways of a choice one is gone: the dearest counts, so that nothing comes dearer than was said.
  const total = (what: 'usd' | 'mostUsd'): number | null =>
    sum(
      unitsOf(steps).map((unit) => {
        if (unit.type === 'step') return sumOf([unit.step], what);
        if (unit.type === 'beside') return sumOf(unit.branches.flat(), what);
        return dearest(unit.ways.map((way) => sumOf(way.steps, what)));
      }),
    );
  return { usd: total('usd'), mostUsd: total('mostUsd'), steps: [...estimates.values()] };
}

const sum = (of: readonly (number | null)[]): number | null =>
  of.reduce<number | null>((total, each) => (total === null || each === null ? null : rounded(total + each)), 0);

const dearest = (of: readonly (number | null)[]): number | null =>
  of.reduce<number | null>((most, each) => (most === null || each === null ? null : Math.max(most, each)), 0);

/** Of a step that is done for each of a list: as often as that is long, where it is known before it runs. */
function times(one: StepEstimate, { each }: ComposedStep, input: JsonObject): StepEstimate {
  if (each === undefined || (one.usd === 0 && one.mostUsd === 0)) return one;
  const list = each.from === 'input' ? inInput(each.value, input) : undefined;
  if (!Array.isArray(list)) {
    return { ...one, usd: null, mostUsd: null, says: `${one.says}; how often, only its run will tell` };
  }
  const many = (figure: number | null): number | null => (figure === null ? null : rounded(figure * list.length));
  return { ...one, usd: many(one.usd), mostUsd: many(one.mostUsd), says: `${one.says}; for ${list.length} of them` };
}

function estimateStep({ name: step, use }: ComposedStep, { workers, workflows }: GoalCatalog): StepEstimate {
  const about = { step, use };
  if (use.startsWith('workflow:')) {
    const workflow = workflows.find(({ ref }) => `workflow:${ref}` === use);
    const past = workflow?.past ?? null;
    const budget = workflow?.budgetUsd ?? null;
    const expected = workflow?.expected;
    if (expected !== undefined) return { ...about, ...fromForesight(expected, budget) };
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

/** Half of its runs cost no more than the one, nine in ten no more than the other. */
function fromForesight(expected: NonNullable<GoalCandidateWorkflow['expected']>, budget: number | null): Known {
  const { p50, p90, sampleSize } = expected;
  const usual = rounded(p50);
  const most = rounded(Math.max(p50, Math.min(p90, budget ?? Number.POSITIVE_INFINITY)));
  const says = `half of ${sampleSize} runs cost no more, nine in ten no more than ${usd(most)}`;
  return { usd: usual, mostUsd: most, from: 'foresight', sampleSize, says };
}

const unknown = (says: string): Known => ({ usd: null, mostUsd: null, from: 'unknown', sampleSize: 0, says });

/** Whole micro-dollars. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

const usd = (value: number): string => `$${value.toFixed(2)}`;
