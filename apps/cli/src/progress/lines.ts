import type { EventView } from '@baton/contracts';
import { formatClock, formatDuration } from '../durations.js';
import { printable } from '../table.js';
import { keyOfUnnumbered } from './evolve-progress.js';
import { type Fact, factOf, Landing, ToolReport } from './facts.js';
import { isOneOfMany, mapLines } from './maps.js';
import type { Progress, RoundProgress, StepProgress } from './progress.js';

/** One line for each thing a reader wants to know, for a pipe or a log: no line is ever changed later. */

export const formatScores = (scores: Readonly<Record<string, number>>): string =>
  Object.entries(scores)
    .map(([dimension, score]) => `${dimension} ${score}`)
    .join(', ');

/** Beside numbered steps it is said of a state without a number, such as the check of what was given. */
function toolsLabel(fact: Fact | null, { open, unnumbered, keyOfState }: Progress): string {
  const state = fact !== null && 'visit' in fact.data ? open[fact.data.visit]?.state : undefined;
  const isBeside = state !== undefined && unnumbered !== null && keyOfState[state] === keyOfUnnumbered(state);
  return isBeside ? `${state}: tools` : 'tools';
}

/** Where nothing failed and the whole did not pass, a tool was left out that should have run. */
export function formatTools({ tools, passed, warning }: ToolReport): string {
  const isLike = (a: ToolReport['tools'][number], b: ToolReport['tools'][number]): boolean =>
    a.status === 'left-out' && b.status === 'left-out' && a.reason === b.reason;
  // What was left out for the same reason is one thing to know.
  const told = tools.filter(
    (tool, index) => tool.status !== 'left-out' || tools.findIndex((each) => isLike(each, tool)) === index,
  );
  const words = told.map((each) => {
    const { tool, status, findings, oldFindings = [], reason } = each;
    if (status === 'left-out') {
      const names = tools.filter((other) => isLike(each, other)).map((other) => other.tool);
      return `${names.join(' and ')} left out${reason === null ? '' : ` (${reason})`}`;
    }
    const counts = [
      ...(findings.length === 0 ? [] : [`${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`]),
      ...(oldFindings.length === 0 ? [] : [`${oldFindings.length} from before the run`]),
    ];
    const word = status === 'failed-before' ? 'failed as before the run' : status;
    return `${tool} ${word}${counts.length === 0 ? '' : ` (${counts.join(', ')})`}`;
  });
  const isUnproven = !passed && tools.every(({ status }) => status !== 'failed');
  const unproven = isUnproven ? '; what was not run did not pass' : '';
  return `${words.join(', ')}${unproven}${warning === null ? '' : `. ${warning}`}`;
}

export const formatRound = ({ phase, round, scores, target }: RoundProgress): string =>
  `${phase} round ${round}: ${scores === null ? 'no scores' : formatScores(scores)}${target === null ? '' : `; next is ${target}`}`;

const nameOf = (step: StepProgress, progress: Progress): string => {
  const last = progress.steps.reduce((most, { number }) => Math.max(most, number ?? 0), 0);
  return step.number === null ? step.title : `step ${step.number}/${last} ${step.title}`;
};

/** A step that the workflow numbers is always told; one without a number not for every item of a long Map. */
function stepLines(fact: Fact | null, before: Progress, after: Progress): readonly string[] {
  const visit = fact !== null && 'visit' in fact.data ? fact.data.visit : -1;
  const isNumberedOnly = isOneOfMany(before, visit) || isOneOfMany(after, visit);
  return after.steps.flatMap((step): readonly string[] => {
    if (isNumberedOnly && step.number === null) return [];
    const old = before.steps.find(({ key }) => key === step.key);
    const name = nameOf(step, after);
    if (step.sinceMs !== null && (old?.sinceMs ?? null) === null) {
      if (step.visits === old?.visits) return [`${name}: goes on`];
      return [step.visits > 1 ? `${name}: started, time ${step.visits}` : `${name}: started`];
    }
    if (step.sinceMs === null && old !== undefined && old.sinceMs !== null) {
      const took = formatDuration(step.workedMs - old.workedMs);
      return [`${name}: ${step.ending} after ${took}`];
    }
    return [];
  });
}

function troubleLines(fact: Fact | null, before: Progress): readonly string[] {
  if (fact?.type !== 'TaskFailed' && fact?.type !== 'TaskTimedOut' && fact?.type !== 'StateRetried') return [];
  const state = before.open[fact.data.visit]?.state ?? 'a task';
  if (fact.type === 'StateRetried') return [`${state}: tried again`];
  const cause = fact.data.cause === '' ? '' : `: ${fact.data.cause}`;
  return [`${state}: ${fact.data.error}${cause}`];
}

const ANSWERS: Readonly<Record<string, string>> = {
  approve: 'approved',
  reject: 'rejected',
  'request-changes': 'sent back for changes',
  answer: 'answered',
};

/** What people did with the run, and what it asks of them. */
function peopleLines(fact: Fact | null, before: Progress, after: Progress): readonly string[] {
  switch (fact?.type) {
    case 'RunPaused':
      return ['run paused'];
    case 'RunResumed':
      return ['run resumed'];
    case 'RunRetried':
      return ['run taken up again'];
    case 'SignalReceived':
      return [`signal ${fact.data.name} received`];
    case 'TaskScheduled': {
      const state = after.approvals[fact.data.commandId];
      if (state === undefined) return [];
      const { about, title } = fact.data.arguments;
      return [
        (about === 'question' || about === 'work') && title !== null
          ? `${state}: ${title}`
          : `${state}: waits for an approval`,
      ];
    }
    case 'ApprovalDecided': {
      const { commandId, decision, comment, by } = fact.data;
      const why = comment === '' ? '' : `: ${comment}`;
      return [
        `${before.approvals[commandId] ?? 'a state'}: ${ANSWERS[decision] ?? decision} by ${by.type} ${by.id}${why}`,
      ];
    }
    default:
      return [];
  }
}

/** What became of a version that was to be landed on a lineage. */
function landingLines(fact: Fact | null, before: Progress): readonly string[] {
  const landing = fact?.type === 'TaskSucceeded' ? Landing.safeParse(fact.data.output) : null;
  if (fact?.type !== 'TaskSucceeded' || landing?.success !== true) return [];
  const { landed, head } = landing.data;
  const by = head.runId === null ? '' : ` of run ${head.runId.slice(0, 8)}`;
  const what = landed
    ? `landed as version ${head.number}`
    : `version ${head.number}${by} was landed before; to be merged`;
  return [`${before.open[fact.data.visit]?.state ?? 'a task'}: ${what}`];
}

function endLine(after: Progress): readonly string[] {
  const took = formatDuration((after.endedAtMs ?? after.startedAtMs) - after.startedAtMs);
  return [`run ${after.status} after ${took}${after.problem === null ? '' : `: ${after.problem}`}`];
}

function messages(event: EventView, before: Progress | null, after: Progress): readonly string[] {
  const fact = factOf(event);
  if (before === null) {
    const { runId, workflow } = after;
    if (fact?.type !== 'RunForked') return [`run ${runId} started: ${workflow}`];
    const { from } = fact.data;
    return [`run ${runId} forked from run ${from.runId} after its event ${from.version}: ${workflow}`];
  }
  const report = fact?.type === 'TaskSucceeded' ? ToolReport.safeParse(fact.data.output) : null;
  const round = after.rounds.length > before.rounds.length ? after.rounds.at(-1) : undefined;
  return [
    ...troubleLines(fact, before),
    ...peopleLines(fact, before, after),
    ...(report?.success === true ? [`${toolsLabel(fact, before)}: ${formatTools(report.data)}`] : []),
    ...landingLines(fact, before),
    ...mapLines(before, after),
    ...stepLines(fact, before, after),
    ...(round === undefined ? [] : [formatRound(round)]),
    ...(before.endedAtMs === null && after.endedAtMs !== null ? endLine(after) : []),
  ];
}

/** The lines of one event, each with the clock of the run; none for an event that tells nothing new. */
export function linesOf(event: EventView, before: Progress | null, after: Progress | null): readonly string[] {
  if (after === null) return [];
  const clock = formatClock(Date.parse(event.recordedAt) - after.startedAtMs).padStart(5);
  return messages(event, before, after).map((message) => `${clock}  ${printable(message)}`);
}
