import { type Change, type Estimate, type Example, isJsonObject, usdOf } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import type { RunFacts } from '../facts/run-facts.js';
import { differenceOfShares } from '../statistics/difference-of-shares.js';
import { differenceOfMeans, type Moments, noMoments, withValue } from '../statistics/moments.js';
import { shareOf, shareText } from '../statistics/share.js';
import { type Draft, type Found, keepExample, rowOf } from './draft.js';
import { stateAt } from './state-at.js';

/** Ended runs of each of the two models. */
const LEAST_RUNS = 20;
/** The share that succeeds may be smaller by this at most, at 95 %. */
const MARGIN = 0.1;
const MOST_ROWS = 2_000;

interface Sample {
  runs: number;
  succeeded: number;
  cost: Moments;
  readonly examples: Example[];
}

interface Row {
  readonly workflow: string;
  readonly state: string;
  readonly agent: string;
  readonly model: string;
  readonly all: Sample;
  readonly ofEvaluations: Sample;
}

/** How runs came out, by the model that did a step. */
export class ModelTally {
  readonly #rows = new Map<string, Row>();
  /** Step → runs in which an attempt named no model: nobody knows whose they are. */
  readonly #unknown = new Map<string, number>();

  /** Runs in which several models did the step, or whose price or model is not known, say nothing of one of them. */
  add(workflow: string, { runId, hasSucceeded, isOfEvaluation, steps }: RunFacts): void {
    if (hasSucceeded === null) return;
    for (const [state, { agent, models, microUsd, hasUnknownPrice, hasUnknownModel }] of steps) {
      if (hasUnknownModel) this.#leaveOut(stepKey({ workflow, state, agent }));
      const [model, ...others] = models;
      if (
        model === undefined ||
        others.length > 0 ||
        hasUnknownPrice ||
        hasUnknownModel ||
        this.#rows.size >= MOST_ROWS
      )
        continue;
      const row = rowOf<Row>(this.#rows, [workflow, state, agent, model], () => ({
        ...{ workflow, state, agent, model, all: newSample(), ofEvaluations: newSample() },
      }));
      for (const sample of isOfEvaluation ? [row.all, row.ofEvaluations] : [row.all]) {
        sample.runs += 1;
        sample.succeeded += hasSucceeded ? 1 : 0;
        sample.cost = withValue(sample.cost, usdOf(microUsd));
        keepExample(sample.examples, { runId, version: null, decisionId: null });
      }
    }
  }

  #leaveOut(step: string): void {
    if (this.#unknown.size >= MOST_ROWS && !this.#unknown.has(step)) return;
    this.#unknown.set(step, (this.#unknown.get(step) ?? 0) + 1);
  }

  found(): Found {
    const byStep = Map.groupBy(this.#rows.values(), stepKey);
    const several = [...byStep.values()].filter((rows) => rows.length > 1);
    const enough = several.filter((rows) => rows.filter(({ all }) => all.runs >= LEAST_RUNS).length > 1);
    const unknown = [...this.#unknown.values()].reduce((sum, count) => sum + count, 0);
    return {
      drafts: enough.flatMap((rows) => cheapest(rows, this.#unknown)),
      looked: {
        ...{ kind: 'cheaper-model', what: 'steps', looked: byStep.size, tooFew: several.length - enough.length },
        least: LEAST_RUNS,
        note:
          `${byStep.size - several.length} of them had one model only, so there is nothing to compare.` +
          (unknown === 0 ? '' : ` A run was left out ${unknown} times, since an attempt at the step named no model.`),
      },
    };
  }
}

const stepKey = ({ workflow, state, agent }: Pick<Row, 'workflow' | 'state' | 'agent'>): string =>
  JSON.stringify([workflow, state, agent]);

const newSample = (): Sample => ({ runs: 0, succeeded: 0, cost: noMoments, examples: [] });

/** Of the models of a step, the cheapest that is as good as the dearest. */
function cheapest(rows: readonly Row[], unknown: ReadonlyMap<string, number>): readonly Draft[] {
  const enough = rows
    .filter(({ all }) => all.runs >= LEAST_RUNS)
    .toSorted((one, other) => one.all.cost.mean - other.all.cost.mean);
  const dear = enough.at(-1);
  if (dear === undefined) return [];
  for (const cheap of enough.slice(0, -1)) {
    const draft = draftOf(cheap, dear, unknown.get(stepKey(cheap)) ?? 0);
    if (draft !== null) return [draft];
  }
  return [];
}

function draftOf(cheap: Row, dear: Row, unknownModel: number): Draft | null {
  // Where both were given the same tasks, chance and the tasks do not speak for one of them.
  const isDesigned = Math.min(cheap.ofEvaluations.runs, dear.ofEvaluations.runs) >= LEAST_RUNS;
  const [a, b] = isDesigned ? [cheap.ofEvaluations, dear.ofEvaluations] : [cheap.all, dear.all];
  const found = differenceOfShares({ successes: a.succeeded, n: a.runs }, { successes: b.succeeded, n: b.runs });
  const saves = differenceOfMeans(b.cost, a.cost);
  if (found === null || found.low < -MARGIN || saves.interval === null || saves.interval.low <= 0) return null;
  const { workflow, state, agent, model } = cheap;
  const runs = a.runs + b.runs;
  const ofEvaluations = isDesigned ? runs : cheap.ofEvaluations.runs + dear.ofEvaluations.runs;
  const [shareA, shareB] = [shareOf(a.succeeded, a.runs), shareOf(b.succeeded, b.runs)];
  return {
    kind: 'cheaper-model',
    subject: { workflow, state, agent, from: dear.model, to: model },
    policy: null,
    sparesRounds: false,
    say: () => ({
      title: `${model} does ${state} of ${workflow} as well as ${dear.model}, for less.`,
      why:
        `With ${model} ${shareText(shareA)} runs succeeded, with ${dear.model} ${shareText(shareB)}: a difference of ` +
        `${points(found.difference)} points (${points(found.low)} to ${points(found.high)}). ${isDesigned ? 'All of them are of evaluations, where both had the same tasks.' : `${runs - ofEvaluations} of ${runs} runs had their model for reasons of their own, not by lot: what was harder may have got the dearer one.`}` +
        (unknownModel === 0
          ? ''
          : ` ${unknownModel} more runs are left out: an attempt failed without naming its model.`),
      evidence: {
        n: runs,
        counts: {
          cheaper: a.runs,
          cheaperSucceeded: a.succeeded,
          dearer: b.runs,
          dearerSucceeded: b.succeeded,
          unknownModel,
        },
        share: shareA,
        observational: { runs, notAtRandom: runs - ofEvaluations, ofEvaluations },
        examples: [...a.examples, ...b.examples],
      },
      effect: { per: 'run', costUsd: saves, ms: null, text: `The step would cost ${usd(saves)} less in a run.` },
      confidence: Math.max(0, Math.min(1, 1 + Math.min(0, found.low))),
    }),
    isDone: (document) => agent === 'prompt' && argumentsAt(document, state)?.args.model === model,
    changeOf: (document) => modelChange(document, cheap),
  };
}

const points = (share: number): string => (share * 100).toFixed(1);

const usd = ({ mean, interval }: Estimate): string =>
  interval === null
    ? mean.toFixed(4)
    : `${mean.toFixed(4)} (${interval.low.toFixed(4)} to ${interval.high.toFixed(4)}) dollars`;

/** A prompt names its model itself; the other kinds of workers have theirs by how they are set up. */
function modelChange(document: WorkflowDocument, { state, agent, model }: Row): Change | null {
  if (agent !== 'prompt') return { in: 'setting', name: `BATON_MODEL_${agent.toUpperCase()}`, value: model };
  const placed = argumentsAt(document, state);
  if (placed === null) return null;
  const op = Object.hasOwn(placed.args, 'model') ? 'replace' : 'add';
  const { name: workflow, version } = document;
  return { in: 'workflow', workflow, version, op, path: `${placed.pointer}/Arguments/model`, value: model };
}

function argumentsAt(document: WorkflowDocument, name: string) {
  const placed = stateAt(document, name);
  const args = placed?.state.Arguments;
  return placed === null || !isJsonObject(args) ? null : { pointer: placed.pointer, args };
}
