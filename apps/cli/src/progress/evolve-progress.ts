import { assertNever, type EventView, type RunStatus } from '@baton/contracts';
import { type Fact, factOf, ToolReport } from './facts.js';
import type { Ending, Progress, StepProgress } from './progress.js';

const SEVERITY: readonly Ending[] = ['done', 'cancelled', 'failed'];
const worse = (a: Ending, b: Ending): Ending => (SEVERITY.indexOf(a) < SEVERITY.indexOf(b) ? b : a);

type Started = Extract<Fact, { type: 'RunStarted' }>;

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function begin({ data, atMs }: Started, event: EventView): Progress {
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
    phases: (data.document.phases ?? []).map(({ name }) => name),
    rounds: [],
    toolReports: [],
    models: [],
    problem: null,
    open: {},
    keyOfState: Object.fromEntries(numbered.map(([state, { number }]) => [state, String(number)])),
  };
}

const newStep = (key: string, number: number | null, title: string, phase: string | null): StepProgress => ({
  key,
  number,
  title,
  phase,
  agent: null,
  visits: 0,
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

function enter(before: Progress, { data, atMs }: Extract<Fact, { type: 'StateEntered' }>): Progress {
  const { visit, frame, state } = data;
  let progress = before;
  if (own(progress.keyOfState, state) === undefined && !progress.steps.some(({ number }) => number !== null)) {
    // A workflow without numbered steps is shown state by state, as they come.
    const key = `state:${state}`;
    progress = {
      ...progress,
      keyOfState: { ...progress.keyOfState, [state]: key },
      steps: [...progress.steps, newStep(key, null, state, null)],
    };
  }
  const key = own(progress.keyOfState, state);
  const isFirst = key !== undefined && openVisitsOf(progress, key) === 0;
  progress = { ...progress, open: { ...progress.open, [visit]: { frame, state } } };
  if (!isFirst) return progress;
  return changeStep(progress, key, (step) => ({
    ...step,
    visits: step.visits + 1,
    ending: 'done',
    attempt: 1,
    sinceMs: atMs,
  }));
}

function leave(progress: Progress, visit: number, atMs: number, ending: Ending): Progress {
  const key = keyOfVisit(progress, visit);
  const { [visit]: _, ...open } = progress.open;
  const rest = { ...progress, open };
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
  return { ...closed, status, endedAtMs: atMs, problem };
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

function apply(progress: Progress, fact: Fact): Progress {
  switch (fact.type) {
    case 'RunStarted':
      return progress;
    case 'StateEntered':
      return enter(progress, fact);
    case 'TaskScheduled': {
      const { visit, resource, attempt } = fact.data;
      const agent = resource.startsWith(WORKER) ? resource.slice(WORKER.length) : null;
      return changeStep(progress, keyOfVisit(progress, visit), (step) => ({
        ...step,
        agent: step.agent ?? agent,
        attempt: Math.max(step.attempt, attempt),
      }));
    }
    case 'TaskSucceeded':
      return succeed(progress, fact.data);
    case 'TaskFailed':
    case 'TaskTimedOut':
    case 'StateRetried':
      return progress;
    case 'StateExited':
      return leave(progress, fact.data.visit, fact.atMs, 'done');
    case 'ErrorCaught':
    case 'StateFailed':
      return leave(progress, fact.data.visit, fact.atMs, 'failed');
    case 'FrameAborted': {
      const { frame } = fact.data;
      const inFrame = Object.entries(progress.open).filter(([, open]) => open.frame === frame);
      return leaveAll(
        progress,
        inFrame.map(([visit]) => visit),
        fact.atMs,
      );
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

/** Folds one event. Null before the run's first event; events before RunStarted or of unknown types change nothing. */
export function evolveProgress(progress: Progress | null, event: EventView): Progress | null {
  const fact = factOf(event);
  if (progress === null) return fact?.type === 'RunStarted' ? begin(fact, event) : null;
  const next = fact === null ? progress : apply(progress, fact);
  return { ...next, version: event.version };
}
