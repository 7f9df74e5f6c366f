import { microUsdOf, type RunId, type Usage } from '@baton/contracts';
import { type RunEvent, type RunEventOf, workerKindOf } from '@baton/workflow';

/** An attempt that a retrier of a state gave a task. */
export interface Retried {
  readonly state: string;
  /** What the attempt before failed with. */
  readonly error: string;
  readonly hasHelped: boolean;
  /** Null where the price is not known. */
  readonly microUsd: number | null;
  readonly ms: number;
  readonly version: number;
}

/** What the tasks of a state came to in one run. */
export interface StepUse {
  readonly agent: string;
  readonly models: ReadonlySet<string>;
  readonly microUsd: number;
  readonly hasUnknownPrice: boolean;
  /** An attempt failed or took too long, and nobody said with which model. */
  readonly hasUnknownModel: boolean;
}

interface Rated {
  readonly score: number;
  /** Null: the run as a whole. */
  readonly decisionId: string | null;
}

/** What the log of one run says of its tasks, its end, and what people think of it. */
export interface RunFacts {
  readonly runId: RunId;
  /** Null while it is under way, and where it was cancelled: neither says how it does. */
  readonly hasSucceeded: boolean | null;
  /** One of an evaluation, where each model is given the same tasks. */
  readonly isOfEvaluation: boolean;
  readonly steps: ReadonlyMap<string, StepUse>;
  readonly retries: readonly Retried[];
  /** The newest of each person for each thing. */
  readonly ratings: readonly Rated[];
  /** Decision → what it was scored. */
  readonly scores: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

interface Sent {
  readonly visit: number;
  readonly agent: string | null;
  readonly atMs: number;
  /** There where a retrier sent it. */
  readonly after: string | null;
}

/** A run of a Map may have thousands of tasks; what is told apart of it is bounded. */
const MOST_KEPT = 2_000;

/** Folds the events of one run, in their order, to what recommendations are made of. */
export class RunFold {
  readonly #states = new Map<number, string>();
  readonly #sent = new Map<string, Sent>();
  /** Visit → the error that its next attempt is for. */
  readonly #failed = new Map<number, string>();
  readonly #steps = new Map<string, StepUse>();
  readonly #retries: Retried[] = [];
  readonly #ratings = new Map<string, Rated>();
  readonly #scores = new Map<string, Readonly<Record<string, number>>>();
  #hasSucceeded: boolean | null = null;
  #isOfEvaluation = false;

  constructor(private readonly runId: RunId) {}

  next(event: RunEvent, { version, recordedAt }: { readonly version: number; readonly recordedAt: string }): void {
    const atMs = Date.parse(recordedAt);
    switch (event.type) {
      case 'RunStarted':
        this.#isOfEvaluation = Object.hasOwn(event.data.labels, 'eval');
        return;
      case 'RunRetried':
      case 'RunSucceeded':
      case 'RunFailed':
      case 'RunCancelled':
        this.#hasSucceeded = event.type === 'RunSucceeded' ? true : event.type === 'RunFailed' ? false : null;
        return;
      case 'StateEntered':
        this.#states.set(event.data.visit, event.data.state);
        return;
      case 'StateExited':
        this.#states.delete(event.data.visit);
        this.#failed.delete(event.data.visit);
        return;
      case 'StateRetried':
        this.#failed.set(event.data.visit, event.data.error);
        return;
      case 'TaskScheduled':
        this.#schedule(event, atMs);
        return;
      case 'TaskSucceeded':
      case 'TaskFailed':
      case 'TaskTimedOut':
        this.#settle(event, version, atMs);
        return;
      case 'DecisionMade': {
        const { decisionId, scores } = event.data.decision;
        if (scores !== null && this.#scores.size < MOST_KEPT) this.#scores.set(decisionId, scores);
        return;
      }
      case 'RunRated':
        this.#rate(event);
        return;
    }
  }

  #schedule({ data }: RunEventOf<'TaskScheduled'>, atMs: number): void {
    const { visit, commandId, resource, notBefore } = data;
    const after = this.#failed.get(visit) ?? null;
    this.#failed.delete(visit);
    const beginMs = Math.max(atMs, notBefore === null ? atMs : Date.parse(notBefore));
    this.#sent.set(commandId, { visit, agent: workerKindOf(resource), atMs: beginMs, after });
  }

  #settle(
    event: RunEventOf<'TaskSucceeded'> | RunEventOf<'TaskFailed'> | RunEventOf<'TaskTimedOut'>,
    version: number,
    atMs: number,
  ): void {
    const { data } = event;
    const sent = this.#sent.get(data.commandId);
    this.#sent.delete(data.commandId);
    const state = this.#states.get(data.visit);
    if (sent === undefined || sent.agent === null || state === undefined) return;
    const usage = 'usage' in data ? data.usage : undefined;
    const microUsd = costOf(usage);
    const before = this.#steps.get(state);
    if (before !== undefined || this.#steps.size < MOST_KEPT) {
      // What failed for good speaks of its model as what succeeded does.
      const model = 'model' in data ? data.model : undefined;
      this.#steps.set(state, {
        agent: sent.agent,
        models: new Set([...(before?.models ?? []), ...(model === undefined ? [] : [model])]),
        microUsd: (before?.microUsd ?? 0) + (microUsd ?? 0),
        hasUnknownPrice: before?.hasUnknownPrice === true || microUsd === null,
        hasUnknownModel: before?.hasUnknownModel === true || (model === undefined && event.type !== 'TaskSucceeded'),
      });
    }
    if (sent.after === null || this.#retries.length >= MOST_KEPT) return;
    const hasHelped = event.type === 'TaskSucceeded';
    this.#retries.push({ state, error: sent.after, hasHelped, microUsd, ms: Math.max(0, atMs - sent.atMs), version });
  }

  /** What is said of a state is about no score. */
  #rate({ data: { by, score, state, ...about } }: RunEventOf<'RunRated'>): void {
    const decisionId = about.decisionId ?? null;
    if (state !== undefined && decisionId === null) return;
    const key = JSON.stringify([by.type, by.id, decisionId]);
    if (this.#ratings.size < MOST_KEPT || this.#ratings.has(key)) this.#ratings.set(key, { score, decisionId });
  }

  finish(): RunFacts {
    return {
      runId: this.runId,
      hasSucceeded: this.#hasSucceeded,
      isOfEvaluation: this.#isOfEvaluation,
      steps: this.#steps,
      retries: this.#retries,
      ratings: [...this.#ratings.values()],
      scores: this.#scores,
    };
  }
}

/** Null where a price is not known; what used nothing costs nothing. */
function costOf(usage: Usage | undefined): number | null {
  if (usage === undefined) return 0;
  const { costUsd, inputTokens, outputTokens } = usage;
  if (costUsd === null) return inputTokens + outputTokens > 0 ? null : 0;
  return microUsdOf(costUsd, 'up');
}
