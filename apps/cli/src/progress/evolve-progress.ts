import { assertNever, type EventView, type RunStatus, statesThatTakeTime } from '@baton/contracts';
import { type Fact, factOf, ToolReport } from './facts.js';
import { endFrame, endMap, noteFailure, startFrame, startMap } from './maps.js';
import type { Ending, Progress, StepProgress } from './progress.js';

const SEVERITY: readonly Ending[] = ['done', 'cancelled', 'failed'];
const worse = (a: Ending, b: Ending): Ending => (SEVERITY.indexOf(a) < SEVERITY.indexOf(b) ? b : a);

/** The first event of a run, whichever it is. */
interface Beginning {
  readonly workflow: Extract<Fact, { type: 'RunStarted' }>['data']['workflow'];
  readonly document: Extract<Fact, { type: 'RunStarted' }>['data']['document'];
}
type Visit = Extract<Fact, { type: 'StateEntered' }>['data'];

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function begin(data: Beginning, atMs: number, event: EventView): Progress {
  const phaseOf = new Map((data.document.phases ?? []).flatMap(({ name, states }) => states.map((s) => [s, name])));
  const byNumber = new Map<number, StepProgress>();
  const numbered = Object.entries(data.document.steps ?? {});
  for (const [state, { number, title }] of numbered) {
    if (byNumber.has(number)) continue;
    byNumber.set(number, newStep(String(number), number, title, phaseOf.get(state) ?? null));
  }
  return {
    runId: event.runId,
    workflow: `${data.workflow.name}@${data.workflow.version}`,
    status: 'running',
    startedAtMs: atMs,
    endedAtMs: null,
    version: event.version,
    steps: [...byNumber.values()].sort((a, b) => (a.number ?? 0) - (b.number ?? 0)),
    newestKey: null,
    phases: (data.document.phases ?? []).map(({ name }) => name),
    rounds: [],
    toolReports: [],
    models: [],
    problem: null,
    open: {},
    approvals: {},
    workCount: 0,
    keyOfState: Object.fromEntries(numbered.map(([state, { number }]) => [state, String(number)])),
    phaseOfState: Object.fromEntries(phaseOf),
    unnumbered: numbered.length === 0 ? null : new Set(statesThatTakeTime(data.document.definition)),
    maps: new Map(),
    items: new Map(),
  };
}

/** Of a state that has no number of a step. */
export const keyOfUnnumbered = (state: string): string => `state:${state}`;

const newStep = (key: string, number: number | null, title: string, phase: string | null): StepProgress => ({
  key,
  number,
  title,
  phase,
  agent: null,
  visits: 0,
  states: [],
  ending: 'done',
  attempt: 1,
  sinceMs: null,
  workedMs: 0,
});

const changeStep = (
  progress: Progress,
  key: string | undefined,
  change: (step: StepProgress) => StepProgress,
): Progress =>
  key === undefined
    ? progress
    : { ...progress, steps: progress.steps.map((step) => (step.key === key ? change(step) : step)) };

const keyOfVisit = (progress: Progress, visit: number): string | undefined => {
  const open = progress.open[visit];
  return open === undefined ? undefined : own(progress.keyOfState, open.state);
};

const openVisitsOf = (progress: Progress, key: string): number =>
  Object.values(progress.open).filter(({ state }) => own(progress.keyOfState, state) === key).length;

function enter(before: Progress, { visit, frame, state }: Visit, atMs: number): Progress {
  let progress = before;
  const isShown = progress.unnumbered === null || progress.unnumbered.has(state);
  if (own(progress.keyOfState, state) === undefined && isShown) {
    // What has no number is shown as it comes: every state, where the workflow numbers none.
    const key = keyOfUnnumbered(state);
    progress = {
      ...progress,
      keyOfState: { ...progress.keyOfState, [state]: key },
      steps: [...progress.steps, newStep(key, null, state, own(progress.phaseOfState, state) ?? null)],
    };
  }
  const key = own(progress.keyOfState, state);
  if (key === undefined) return { ...progress, open: { ...progress.open, [visit]: { frame, state } } };
  const isFirst = openVisitsOf(progress, key) === 0;
  const isNewest = progress.newestKey === key;
  progress = { ...progress, newestKey: key, open: { ...progress.open, [visit]: { frame, state } } };
  return changeStep(progress, key, (step) => {
    // Another state of the same step right after the one before is the same visit.
    const goesOn = !isFirst || (isNewest && !step.states.includes(state));
    if (goesOn) return { ...step, states: [...step.states, state], sinceMs: step.sinceMs ?? atMs };
    return { ...step, visits: step.visits + 1, states: [state], ending: 'done', attempt: 1, sinceMs: atMs };
  });
}

function leave(progress: Progress, visit: number, atMs: number, ending: Ending): Progress {
  const key = keyOfVisit(progress, visit);
  const { [visit]: _, ...open } = progress.open;
  const rest = endMap({ ...progress, open }, visit);
  if (key === undefined) return rest;
  const isLast = openVisitsOf(rest, key) === 0;
  return changeStep(rest, key, (step) => ({
    ...step,
    ending: worse(step.ending, ending),
    ...(isLast ? { sinceMs: null, workedMs: step.workedMs + Math.max(0, atMs - (step.sinceMs ?? atMs)) } : {}),
  }));
}

const leaveAll = (progress: Progress, visits: readonly string[], atMs: number): Progress =>
  visits.reduce((each, visit) => leave(each, Number(visit), atMs, 'cancelled'), progress);

function end(progress: Progress, status: RunStatus, atMs: number, problem: string | null): Progress {
  const closed = leaveAll(progress, Object.keys(progress.open), atMs);
  return { ...closed, status, endedAtMs: atMs, problem, approvals: {}, workCount: 0 };
}

/** States that a fork or a retry takes up, all of whose tasks are asked for anew. */
const takeUp = (progress: Progress, visits: readonly Visit[], atMs: number): Progress =>
  visits.reduce((each, visit) => enter(each, visit, atMs), { ...progress, approvals: {}, workCount: 0 });

function openCommand(progress: Progress, commandId: string, visit: number, isApproval: boolean): Progress {
  if (!isApproval) return { ...progress, workCount: progress.workCount + 1 };
  const state = progress.open[visit]?.state ?? 'a state';
  return { ...progress, approvals: { ...progress.approvals, [commandId]: state } };
}

function closeCommand(progress: Progress, commandId: string): Progress {
  if (own(progress.approvals, commandId) === undefined) return { ...progress, workCount: progress.workCount - 1 };
  const { [commandId]: _, ...approvals } = progress.approvals;
  return { ...progress, approvals };
}

function succeed(progress: Progress, { output, model }: Extract<Fact, { type: 'TaskSucceeded' }>['data']): Progress {
  const report = ToolReport.safeParse(output);
  const toolReports = report.success ? [...progress.toolReports, report.data] : progress.toolReports;
  const isNew = model !== undefined && !progress.models.includes(model);
  return { ...progress, toolReports, models: isNew ? [...progress.models, model] : progress.models };
}

function decide(progress: Progress, { decision }: Extract<Fact, { type: 'DecisionMade' }>['data']): Progress {
  const { phase, round, scores, target, rationale } = decision;
  if (phase === null || round === null) return progress;
  return { ...progress, rounds: [...progress.rounds, { phase, round, scores, target, rationale }] };
}

const WORKER = 'baton:worker:';
const APPROVAL = 'baton:approval';

function apply(progress: Progress, fact: Fact): Progress {
  switch (fact.type) {
    case 'RunStarted':
    case 'RunForked':
    case 'SignalReceived':
      return progress;
    case 'RunPaused':
      return { ...progress, status: 'paused' };
    case 'RunResumed':
      return { ...progress, status: 'running' };
    case 'RunRetried':
      return takeUp(
        { ...progress, status: 'running', endedAtMs: null, problem: null },
        fact.data.carry.state.visits,
        fact.atMs,
      );
    case 'MapStarted':
      return startMap(progress, fact.data);
    case 'FrameStarted':
      return startFrame(progress, fact.data);
    case 'FrameEnded':
      return endFrame(progress, fact.data.frame);
    case 'StateEntered':
      return enter(progress, fact.data, fact.atMs);
    case 'TaskScheduled': {
      const { visit, resource, attempt, commandId } = fact.data;
      const agent = resource.startsWith(WORKER)
        ? resource.slice(WORKER.length).replace(/\.waitForTaskToken$/, '')
        : null;
      const asked = openCommand(progress, commandId, visit, resource === APPROVAL);
      return changeStep(asked, keyOfVisit(progress, visit), (step) => ({
        ...step,
        agent: step.agent ?? agent,
        attempt: Math.max(step.attempt, attempt),
      }));
    }
    case 'TaskSucceeded':
      return succeed(closeCommand(progress, fact.data.commandId), fact.data);
    case 'TimerScheduled':
      return openCommand(progress, fact.data.commandId, fact.data.visit, false);
    case 'TaskFailed':
    case 'TaskAsked':
    case 'TaskTimedOut':
    case 'ApprovalDecided':
    case 'CommandCancelled':
    case 'TimerFired':
      return closeCommand(progress, fact.data.commandId);
    case 'StateRetried':
      return progress;
    case 'StateExited':
      return leave(progress, fact.data.visit, fact.atMs, 'done');
    case 'StateFailed': {
      const { visit, error, cause } = fact.data;
      return leave(noteFailure(progress, visit, error, cause), visit, fact.atMs, 'failed');
    }
    case 'ErrorCaught':
      return leave(progress, fact.data.visit, fact.atMs, 'failed');
    case 'FrameAborted': {
      const { frame } = fact.data;
      const inFrame = Object.entries(progress.open).filter(([, open]) => open.frame === frame);
      const left = leaveAll(
        progress,
        inFrame.map(([visit]) => visit),
        fact.atMs,
      );
      return endFrame(left, frame);
    }
    case 'DecisionMade':
      return decide(progress, fact.data);
    case 'RunSucceeded':
      return end(progress, 'succeeded', fact.atMs, null);
    case 'RunFailed':
      return end(progress, 'failed', fact.atMs, `${fact.data.error}: ${fact.data.cause}`);
    case 'RunCancelled':
      return end(progress, 'cancelled', fact.atMs, fact.data.reason);
    default:
      return assertNever(fact);
  }
}

function first(fact: Fact, event: EventView): Progress | null {
  switch (fact.type) {
    case 'RunStarted':
      return begin(fact.data, fact.atMs, event);
    case 'RunForked': {
      const { document, state } = fact.data.carry;
      return takeUp(begin({ document, workflow: state.workflow }, fact.atMs, event), state.visits, fact.atMs);
    }
    default:
      return null;
  }
}

/** Folds one event. Null before the run's first event; events before it or of unknown types change nothing. */
export function evolveProgress(progress: Progress | null, event: EventView): Progress | null {
  const fact = factOf(event);
  if (progress === null) return fact === null ? null : first(fact, event);
  const next = fact === null ? progress : apply(progress, fact);
  return { ...next, version: event.version };
}
