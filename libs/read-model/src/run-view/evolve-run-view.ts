import { assertNever, BatonError, BatonErrorName, type RunView, type Usage } from '@baton/contracts';
import { type DecisionRecord, type RunEvent, type RunEventOf, workerKindOf } from '@baton/workflow';
import { blankView } from './blank-view.js';
import type { EventMeta, RunFold } from './run-fold.js';
import { changeStep, changeVisit, enter, leave, own } from './visits.js';

/**
 * Folds one event onto a run's view. Pure: the same events give the same view, however they were cut into pages.
 * `fold` is null before the run's first event.
 *
 * @throws BatonError `run-out-of-order` when the event is not the one that follows: a view is never built on a gap.
 */
export function evolveRunView(fold: RunFold | null, event: RunEvent, meta: EventMeta): RunFold {
  const expected = (fold?.view.version ?? 0) + 1;
  if (meta.version !== expected || (fold === null) !== (event.type === 'RunStarted')) {
    throw new BatonError(`Run ${meta.runId}: ${event.type} is event ${meta.version}, but event ${expected} follows.`, {
      code: 'run-out-of-order',
      next: 'Verify the log with `baton audit verify`.',
    });
  }
  const next = fold === null ? null : apply(fold, event, meta.recordedAt);
  const changed = next ?? started(event, meta);
  return { ...changed, view: { ...changed.view, version: meta.version } };
}

function started(event: RunEvent, meta: EventMeta): RunFold {
  if (event.type !== 'RunStarted') throw new Error(`unreachable: ${event.type} cannot begin a run`);
  const { workflow, document, labels, submittedBy } = event.data;
  const view: RunView = {
    ...blankView,
    runId: meta.runId,
    workflow: workflow.name,
    workflowVersion: workflow.version,
    status: 'running',
    version: meta.version,
    labels,
    submittedBy,
    startedAt: meta.recordedAt,
  };
  const steps = Object.entries(document.steps ?? {}).map(([state, { number, title }]) => [state, { number, title }]);
  const phases = (document.phases ?? []).flatMap(({ name, states }) => states.map((state) => [state, name]));
  return { view, memory: { steps: Object.fromEntries(steps), phases: Object.fromEntries(phases), open: [] } };
}

function apply(fold: RunFold, event: RunEvent, at: string): RunFold {
  switch (event.type) {
    case 'StateEntered':
      return enter(fold, event.data, at);
    case 'TaskScheduled':
      return scheduled(fold, event.data);
    case 'TaskSucceeded':
      return withFacts(fold, event.data);
    case 'TaskFailed':
      return withFacts(lastFailure(fold, event.data.visit, 'failed'), event.data);
    case 'TaskTimedOut':
      return lastFailure(fold, event.data.visit, 'timed-out');
    case 'StateRetried':
      return lastFailure(fold, event.data.visit, null);
    case 'StateExited':
      return leave(
        fold,
        ({ visit }) => visit === event.data.visit,
        () => 'succeeded',
        at,
      );
    case 'ErrorCaught':
    case 'StateFailed':
      return leave(
        fold,
        ({ visit }) => visit === event.data.visit,
        (open) => open.lastFailure ?? 'failed',
        at,
      );
    case 'FrameAborted':
      return leave(
        fold,
        ({ frame }) => frame === event.data.frame,
        () => 'cancelled',
        at,
      );
    case 'DecisionMade':
      return decided(fold, event.data.decision);
    case 'RunSucceeded':
      return ended(fold, { status: 'succeeded', endedAt: at });
    case 'RunFailed':
      return ended(fold, { status: 'failed', endedAt: at, error: event.data.error, cause: event.data.cause });
    case 'RunCancelled':
      return ended(fold, {
        status: 'cancelled',
        endedAt: at,
        error: BatonErrorName.cancelled,
        cause: event.data.reason,
      });
    case 'RunStarted':
    case 'FrameStarted':
    case 'MapStarted':
    case 'FrameEnded':
    case 'CommandCancelled':
    case 'TimerScheduled':
    case 'TimerFired':
    case 'RunForked':
    case 'RunRetried':
    case 'RunContinued':
    case 'RunPaused':
    case 'RunResumed':
    case 'SignalReceived':
    case 'ApprovalDecided':
      // Nothing that the view shows. A cancelled command's state is closed by the FrameAborted that follows it.
      return fold;
    default:
      return assertNever(event);
  }
}

function scheduled(fold: RunFold, { visit, attempt, resource }: RunEventOf<'TaskScheduled'>['data']): RunFold {
  return changeStep(fold, visit, (step) => ({ ...step, agent: workerKindOf(resource), attempt }));
}

const lastFailure = (fold: RunFold, visit: number, failure: 'failed' | 'timed-out' | null): RunFold =>
  changeVisit(fold, visit, (open) => ({ ...open, lastFailure: failure }));

function withFacts(
  fold: RunFold,
  facts: { readonly usage?: Usage | undefined; readonly model?: string | undefined },
): RunFold {
  const { view } = fold;
  const isNew = facts.model !== undefined && !view.models.includes(facts.model);
  const models = isNew && facts.model !== undefined ? [...view.models, facts.model] : view.models;
  return {
    ...fold,
    view: { ...view, models, usage: facts.usage === undefined ? view.usage : add(view.usage, facts.usage) },
  };
}

/** One call of unknown price makes the whole sum unknown: a part of the cost is not the cost. */
function add(sum: Usage, part: Usage): Usage {
  const isFree = part.costUsd === null && part.inputTokens + part.outputTokens === 0;
  const partUsd = isFree ? 0 : part.costUsd;
  return {
    inputTokens: sum.inputTokens + part.inputTokens,
    outputTokens: sum.outputTokens + part.outputTokens,
    costUsd: sum.costUsd === null || partUsd === null ? null : sum.costUsd + partUsd,
  };
}

function decided(fold: RunFold, { source, phase, round, scores }: DecisionRecord): RunFold {
  const { view } = fold;
  const bySource = { ...view.decisions.bySource, [source]: (own(view.decisions.bySource, source) ?? 0) + 1 };
  const decisions = { total: view.decisions.total + 1, bySource };
  if (phase === null || round === null) return { ...fold, view: { ...view, decisions } };
  const rounds = { ...view.rounds, [phase]: Math.max(own(view.rounds, phase) ?? 0, round) };
  const others = view.scores.filter((entry) => entry.phase !== phase || entry.round !== round);
  const allScores = scores === null ? view.scores : [...others, { phase, round, scores }];
  return { ...fold, view: { ...view, decisions, rounds, scores: allScores } };
}

/** What was still open when the run ended was given up. Phase and step stay: they say how far the run came. */
function ended(fold: RunFold, ending: Pick<RunView, 'status' | 'endedAt'> & Partial<RunView>): RunFold {
  const at = ending.endedAt ?? fold.view.startedAt;
  const closed = leave(
    fold,
    () => true,
    () => 'cancelled',
    at,
  );
  return { ...closed, view: { ...closed.view, ...ending } };
}
