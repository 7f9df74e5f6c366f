import {
  addMicroUsd,
  assertNever,
  BatonError,
  BatonErrorName,
  isJsonObject,
  microUsdOf,
  type RunView,
  type Usage,
  usdOf,
} from '@baton/contracts';
import { type DecisionRecord, parseResource, type RunEvent, type RunEventOf, workerKindOf } from '@baton/workflow';
import { forkedFold, retriedFold, startedFold } from './begin-fold.js';
import { endFrame, noteFailure, startFrame, startMap } from './maps.js';
import type { EventMeta, RunFacts, RunFold } from './run-fold.js';
import { TIMER, TOKEN } from './view-of.js';
import {
  changeStep,
  changeVisit,
  enter,
  keep,
  keepNoLonger,
  keepSignal,
  leave,
  leaveAll,
  own,
  stopWaiting,
  waitFor,
} from './visits.js';

/**
 * Folds one event onto a run's view. Pure: the same events give the same view, however they were cut into pages.
 * `fold` is null before the run's first event.
 *
 * @throws BatonError `run-out-of-order` when the event is not the one that follows: a view is never built on a gap.
 */
export function evolveRunView(fold: RunFold | null, event: RunEvent, meta: EventMeta): RunFold {
  const expected = (fold?.facts.version ?? 0) + 1;
  const next = meta.version === expected ? follow(fold, event, meta) : null;
  if (next === null) {
    throw new BatonError(`Run ${meta.runId}: ${event.type} is event ${meta.version}, but event ${expected} follows.`, {
      code: 'run-out-of-order',
      next: 'Verify the log with `baton audit verify`.',
    });
  }
  return { ...next, facts: { ...next.facts, version: meta.version } };
}

/** @returns null where the event cannot stand there */
function follow(fold: RunFold | null, event: RunEvent, meta: EventMeta): RunFold | null {
  switch (event.type) {
    case 'RunStarted':
      return fold === null ? startedFold(event, meta) : null;
    case 'RunForked':
      return fold === null ? forkedFold(event, meta) : null;
    default:
      return fold === null ? null : apply(fold, event, meta);
  }
}

type LaterEvent = Exclude<RunEvent, { type: 'RunStarted' | 'RunForked' }>;

function apply(fold: RunFold, event: LaterEvent, { recordedAt: at, version }: EventMeta): RunFold {
  switch (event.type) {
    case 'RunRated':
      return rated(fold, event.data, version, at);
    case 'RunPaused':
      return withStatus(fold, 'running', 'paused');
    case 'RunResumed':
      return keepNoLonger(withStatus(fold, 'paused', 'running'));
    case 'RunRetried':
      return retriedFold(fold, event, at);
    case 'DecisionMade':
      return decided(fold, event.data.decision);
    case 'RunSucceeded':
      return ended(fold, at, { status: 'succeeded' });
    case 'RunFailed':
      return ended(fold, at, { status: 'failed', error: event.data.error, cause: event.data.cause });
    case 'RunCancelled':
      return ended(fold, at, { status: 'cancelled', error: BatonErrorName.cancelled, cause: event.data.reason });
    case 'FrameAborted': {
      const { frame } = event.data;
      return endFrame(
        leave(fold, fold.visitOfFrame.get(frame) ?? -1, () => 'cancelled', at),
        frame,
        'aborted',
      );
    }
    case 'FrameStarted':
      return startFrame(fold, event.data);
    case 'FrameEnded':
      return endFrame(fold, event.data.frame, 'succeeded');
    case 'SignalReceived':
      return keepSignal(fold, event.data.name, at);
    case 'RunContinued':
    case 'EngineChanged':
    case 'BudgetWarned':
    case 'BudgetExhausted':
    case 'BudgetExtended':
    case 'TurnYielded':
    case 'TurnResumed':
      // Nothing that the view shows.
      return fold;
    default:
      return applyToVisit(fold, event, at);
  }
}

type VisitEvent = Extract<LaterEvent, { data: { visit: number } }>;

function applyToVisit(fold: RunFold, event: VisitEvent, at: string): RunFold {
  const { visit } = event.data;
  switch (event.type) {
    case 'StateEntered':
      return enter(fold, event.data, at);
    case 'MapStarted': {
      const { source, items } = event.data;
      const total = source?.count ?? items.length;
      return startMap({ ...fold, mapVisits: fold.mapVisits.add(visit) }, visit, total, at);
    }
    case 'BudgetAwaited':
    case 'ApprovalCounted':
    case 'ApprovalReminded':
    case 'ApprovalEscalated':
      return fold;
    case 'AdviceRequested':
      return event.data.isShadow === true ? fold : waitFor(fold, visit, event.data.commandId, ADVISOR, at);
    // What advice costs counts, whether it was followed or not.
    case 'AdviceGiven':
    case 'AdviceFailed':
      return withFacts(advised(fold, event.data, at), event.data);
    case 'TaskScheduled':
      return scheduled(fold, event.data, at);
    case 'TimerScheduled':
      return waitFor(fold, visit, event.data.commandId, `${TIMER}${event.data.dueAt}`, at);
    case 'TaskSubmitted':
      return withFacts(waitFor(fold, visit, event.data.commandId, TOKEN, at), event.data);
    case 'TaskSucceeded':
      return withFacts(keep(stopWaiting(fold, visit, event.data.commandId), visit, 'result', at), event.data);
    case 'TaskFailed':
      return withFacts(keep(failed(fold, event.data, 'failed'), visit, 'failure', at), event.data);
    case 'TaskAsked':
      return withFacts(keep(fold, visit, 'question', at), event.data);
    case 'TaskTimedOut':
      return keep(failed(fold, event.data, 'timed-out'), visit, 'timeout', at);
    case 'ApprovalDecided':
      return keep(
        event.data.decision === 'reject'
          ? failed(fold, event.data, 'failed')
          : stopWaiting(fold, visit, event.data.commandId),
        visit,
        'answer',
        at,
      );
    case 'TimerFired':
      return keep(stopWaiting(fold, visit, event.data.commandId), visit, 'timer', at);
    case 'CommandCancelled':
      return stopWaiting(fold, visit, event.data.commandId);
    case 'StateRetried':
      return changeVisit(fold, visit, (open) => ({ ...open, lastFailure: null }));
    case 'StateExited':
      return leave(fold, visit, () => 'succeeded', at);
    case 'StateFailed': {
      const frame = fold.open.get(visit)?.frame ?? -1;
      const noted = noteFailure(fold, frame, event.data.error, event.data.cause);
      return leave(noted, visit, (open) => open.lastFailure ?? 'failed', at);
    }
    case 'ErrorCaught':
      return leave(fold, visit, (open) => open.lastFailure ?? 'failed', at);
    default:
      return assertNever(event);
  }
}

/** More would make a view grow with what people think of it. */
const MOST_RATINGS = 100;

function rated(fold: RunFold, data: RunEventOf<'RunRated'>['data'], version: number, at: string): RunFold {
  const { score, note, decisionId = null, state = null, by } = data;
  const ratings = [...fold.facts.ratings, { version, score, note, decisionId, state, by, at }].slice(-MOST_RATINGS);
  return { ...fold, facts: { ...fold.facts, ratings } };
}

const withStatus = (fold: RunFold, from: RunView['status'], to: RunView['status']): RunFold =>
  fold.facts.status === from ? { ...fold, facts: { ...fold.facts, status: to } } : fold;

function scheduled(fold: RunFold, data: RunEventOf<'TaskScheduled'>['data'], at: string): RunFold {
  const { visit, attempt, commandId } = data;
  const resource = askedFor(data);
  // A person may be asked about a step that a worker does; it stays that worker's.
  const kind = workerKindOf(resource);
  const stepped = changeStep(fold, visit, (step) => ({ ...step, agent: kind ?? step.agent, attempt }));
  const asked = kind === null ? stepped : changeVisit(stepped, visit, (open) => ({ ...open, agent: kind }));
  return parseResource(resource)?.type === 'worker' ? asked : waitFor(asked, visit, commandId, resource, at);
}

/** A run of whatever workflow its Arguments name is one of that workflow. */
function askedFor({ resource, arguments: given }: RunEventOf<'TaskScheduled'>['data']): string {
  if (resource !== 'baton:workflow' || !isJsonObject(given) || typeof given.workflow !== 'string') return resource;
  return `${resource}:${given.workflow}`;
}

const ADVISOR = 'baton:worker:advisor';

/** Nobody waits for advice in shadow. */
function advised(
  fold: RunFold,
  { visit, commandId }: { readonly visit: number; readonly commandId: string },
  at: string,
): RunFold {
  const settled = stopWaiting(fold, visit, commandId);
  return settled === fold ? fold : keep(settled, visit, 'advice', at);
}

function failed(
  fold: RunFold,
  { visit, commandId }: { readonly visit: number; readonly commandId: string },
  lastFailure: 'failed' | 'timed-out',
): RunFold {
  return changeVisit(stopWaiting(fold, visit, commandId), visit, (open) => ({ ...open, lastFailure }));
}

function withFacts(
  fold: RunFold,
  { model, usage }: { readonly usage?: Usage | undefined; readonly model?: string | undefined },
): RunFold {
  const { facts } = fold;
  const models = model === undefined || facts.models.includes(model) ? facts.models : [...facts.models, model];
  return { ...fold, facts: { ...facts, models, usage: usage === undefined ? facts.usage : add(facts.usage, usage) } };
}

/** One call of unknown price makes the whole sum unknown: a part of the cost is not the cost. */
function add(sum: Usage, part: Usage): Usage {
  const isFree = part.costUsd === null && part.inputTokens + part.outputTokens === 0;
  const partUsd = isFree ? 0 : part.costUsd;
  return {
    inputTokens: sum.inputTokens + part.inputTokens,
    outputTokens: sum.outputTokens + part.outputTokens,
    costUsd: sum.costUsd === null || partUsd === null ? null : sumOfUsd(sum.costUsd, partUsd),
  };
}

/** Counted as the run itself counts what it spent. */
const sumOfUsd = (sum: number, part: number): number =>
  usdOf(addMicroUsd(microUsdOf(sum, 'up'), microUsdOf(part, 'up')));

function decided(fold: RunFold, { source, phase, round, scores }: DecisionRecord): RunFold {
  const { facts } = fold;
  const bySource = { ...facts.decisions.bySource, [source]: (own(facts.decisions.bySource, source) ?? 0) + 1 };
  const decisions = { ...facts.decisions, total: facts.decisions.total + 1, bySource };
  if (phase === null || round === null) return { ...fold, facts: { ...facts, decisions } };
  const rounds = { ...facts.rounds, [phase]: Math.max(own(facts.rounds, phase) ?? 0, round) };
  const others = facts.scores.filter((entry) => entry.phase !== phase || entry.round !== round);
  const allScores = scores === null ? facts.scores : [...others, { phase, round, scores }];
  return { ...fold, facts: { ...facts, decisions, rounds, scores: allScores } };
}

/** What was still open when the run ended was given up. Phase and step stay: they say how far the run came. */
function ended(fold: RunFold, at: string, ending: Pick<RunFacts, 'status'> & Partial<RunFacts>): RunFold {
  const closed = leaveAll(fold, at);
  return { ...closed, facts: { ...closed.facts, endedAt: at, ...ending } };
}
