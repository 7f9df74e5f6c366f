import {
  assertNever,
  type EventView,
  type ItemRef,
  type MapView,
  type RunDetail,
  type RunSummary,
  type RunView,
  type WaitingFor,
} from '@baton/contracts';
import { formatDuration, timeOf } from '../durations.js';
import type { Columns } from '../output.js';
import { formatScores } from '../progress/lines.js';
import { formatFacts, formatTable } from '../table.js';
import { budgetText, workLines } from './worker-shapes.js';

/** How runs and events read as text. */

export const shortId = (id: string): string => id.slice(0, 8);

const durationOf = ({ startedAt, endedAt }: RunSummary, nowMs: number): string =>
  formatDuration(Math.max(0, (endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt)));

const place = ({ status, step, phase, currentStates, waitingFor }: RunSummary): string => {
  const [awaited] = waitingFor;
  if (status === 'accepted' && awaited !== undefined) return `waits for ${waitOf(awaited)}`;
  if (status !== 'running' && status !== 'paused') return '';
  const at = [step === null ? '' : `step ${step}`, currentStates.join(', ') || phase || ''].filter(Boolean).join(' ');
  const [first, ...others] = waitingFor;
  if (first === undefined) return at;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `${at}, waits for ${waitOf(first)}${more}`;
};

/** The beginning of a run's id and the number of the question are enough to name an approval. */
export const shortApproval = (approvalId: string): string =>
  `${shortId(approvalId)}${approvalId.slice(approvalId.lastIndexOf('-'))}`;

function waitOf(wait: WaitingFor): string {
  switch (wait.kind) {
    case 'approval':
      return `approval ${shortApproval(wait.approvalId)}${wait.blocked === undefined ? '' : ` (${wait.blocked})`}`;
    case 'signal':
      return `signal ${wait.name}`;
    case 'run':
      return `run ${shortId(wait.runId)} of ${wait.workflow}`;
    case 'timer':
      return timeOf(wait.dueAt);
    case 'token':
      return 'an answer by the token of its task';
    case 'place':
      return wait.caps.length === 0
        ? 'its place, and is next'
        : `a place: ${wait.caps.map(({ cap, underWay, most }) => `${cap} has ${underWay} of ${most}`).join(', ')}`;
    default:
      return assertNever(wait);
  }
}

function waitLines({ waitingFor }: RunView, width: number): readonly string[] {
  if (waitingFor.length === 0) return [];
  const rows = waitingFor.map((wait) => [wait.state, waitOf(wait), timeOf(wait.since)]);
  return ['', ...formatTable(['STATE', 'WAITS FOR', 'SINCE'], rows, width)];
}

/** What came back to a paused run, by what `run resume` goes on with. */
function keptLines({ kept }: RunView, width: number): readonly string[] {
  if (kept.length === 0) return [];
  const rows = kept.map(({ state, what, since }) => [state, what, timeOf(since)]);
  return ['', ...formatTable(['STATE', 'KEPT UNTIL RESUMED', 'SINCE'], rows, width)];
}

export const runColumns = (nowMs: number): Columns<RunSummary> => ({
  headings: ['RUN', 'WORKFLOW', 'STATUS', 'STARTED', 'TIME', 'MODEL', 'AT'],
  row: (run) => [
    shortId(run.runId),
    `${run.workflow}@${run.workflowVersion}`,
    run.status,
    timeOf(run.startedAt),
    durationOf(run, nowMs),
    run.models.join(', ') || '-',
    place(run),
  ],
});

export const eventColumns: Columns<EventView> = {
  headings: ['VERSION', 'TIME', 'TYPE', 'ACTOR', 'SUMMARY'],
  row: (event) => [
    String(event.version),
    event.recordedAt,
    event.type,
    `${event.actor.type}:${event.actor.id}`,
    event.summary,
  ],
};

const formatModel = (models: readonly string[]): string => (models.length === 0 ? 'none' : models.join(', '));

export const formatUsage = ({ inputTokens, outputTokens, costUsd }: RunView['usage']): string =>
  `${inputTokens} tokens in, ${outputTokens} out, ${costUsd === null ? 'cost not known' : `${costUsd.toFixed(4)} USD`}`;

const pairs = (record: Readonly<Record<string, string | number>>, sign = '='): string =>
  Object.entries(record)
    .map(([key, value]) => `${key}${sign}${value}`)
    .join(', ');

/** @param expected what it is expected to take; empty where nothing is */
export function runLines(run: RunDetail, nowMs: number, width: number, expected = ''): readonly string[] {
  const optional: readonly (readonly [string, string])[] = [
    ['labels', pairs(run.labels)],
    ['budget', budgetText(run)],
    ['agents', agentsText(run.agents)],
    ['rounds', pairs(run.rounds, ' ')],
    ['at', place(run)],
    ['expected', expected],
    ['parent', run.parent === null ? '' : `run ${run.parent.runId}`],
    ['forked', forkOf(run)],
    ['error', run.error === null ? '' : `${run.error}: ${run.cause ?? ''}`],
    ['put aside', letterText(run)],
  ];
  const facts = formatFacts(
    [
      ['run', run.runId],
      ['workflow', `${run.workflow}@${run.workflowVersion}`],
      ['status', run.status],
      ['model', formatModel(run.models)],
      ['submitted', `${timeOf(run.startedAt)} by ${run.submittedBy.type}:${run.submittedBy.id}`],
      ['time', durationOf(run, nowMs)],
      ['events', String(run.version)],
      ['usage', formatUsage(run.usage)],
      [
        'decisions',
        `${run.decisions.total}${run.decisions.total === 0 ? '' : ` (${pairs(run.decisions.bySource, ' ')})`}`,
      ],
      ...optional.filter(([, value]) => value !== ''),
    ],
    width,
  );
  return [
    ...facts,
    ...waitLines(run, width),
    ...keptLines(run, width),
    ...workLines(run, nowMs, width),
    ...mapLines(run, width),
    ...stepLines(run, width),
    ...scoreLines(run, width),
    ...ratingLines(run, width),
  ];
}

/** What it was submitted with for its agents. */
function agentsText(agents: RunDetail['agents']): string {
  const { model, templates = {}, mcpServers } = agents ?? {};
  const parts = [
    ...(model === undefined ? [] : [`model ${model}`]),
    ...(Object.keys(templates).length === 0 ? [] : [`templates ${pairs(templates)}`]),
    ...(mcpServers === undefined ? [] : [serversText(mcpServers)]),
  ];
  return parts.join('; ');
}

/** Which tools of servers outside a run leaves its agents. */
export const serversText = (choices: readonly string[]): string =>
  choices.length === 0 ? 'no tools of servers' : `of servers no more than ${choices.join(', ')}`;

function ratingLines({ ratings }: RunDetail, width: number): readonly string[] {
  if (ratings.length === 0) return [];
  const rows = ratings.map(({ score, decisionId, state, by, at, note }) => [
    `${score} of 5`,
    decisionId ?? state ?? 'the run',
    `${by.type}:${by.id}`,
    timeOf(at),
    note.replace(/\s+/g, ' '),
  ]);
  return ['', ...formatTable(['RATED', 'WHAT', 'BY', 'AT', 'NOTE'], rows, width)];
}

/** What keeps a run from going on that nobody would see in its states. */
const letterText = ({ runId, deadLetter }: RunDetail): string =>
  deadLetter === null
    ? ''
    : `a message of this run, ${timeOf(deadLetter.at)}: ${deadLetter.reason} Take it up again with \`baton queue dead-letters requeue ${deadLetter.id}\`, or end the run with \`baton run cancel ${runId}\`.`;

const forkOf = ({ forkedFrom }: RunView): string =>
  forkedFrom === null ? '' : `from run ${forkedFrom.runId} after its event ${forkedFrom.version}`;

const itemOf = (item: ItemRef | null): string =>
  item === null ? '' : `#${item.index}${item.name === null ? '' : ` ${item.name}`}`;

/** How far a Map is, in a few words. */
const progressOf = ({ total, running, succeeded, failed, cancelled }: Omit<MapView, 'failures'>): string =>
  [
    `${succeeded + failed + cancelled} of ${total}`,
    failed === 0 ? '' : `${failed} failed`,
    cancelled === 0 ? '' : `${cancelled} given up`,
    running === 0 ? '' : `${running} running`,
  ]
    .filter(Boolean)
    .join(', ');

/** Each Map, and before all else what failed in it. */
function mapLines({ maps }: RunView, width: number): readonly string[] {
  if (maps.length === 0) return [];
  const rows = maps.map((map) => [map.state, itemOf(map.item), progressOf(map)]);
  const failures = maps.flatMap(({ state, failed, failures: told }) => [
    ...told.map((failure) => [`${state} ${itemOf(failure)}`, `${failure.error}: ${failure.cause}`]),
    ...(failed > told.length ? [[state, `and ${failed - told.length} more`]] : []),
  ]);
  return [
    ...(failures.length === 0 ? [] : ['', ...formatTable(['FAILED', 'WHY'], failures, width)]),
    '',
    ...formatTable(['MAP', 'INSIDE OF', 'PROGRESS'], rows, width),
  ];
}

const MOST_ITEM_STEPS = 20;

/** All steps but those of items of a Map, of which there may be hundreds: what failed, and the newest others. */
function stepsToShow(steps: RunView['steps']): RunView['steps'] {
  const ofItems = steps.filter(({ item }) => item !== null);
  const failed = ofItems.filter(({ status }) => status === 'failed' || status === 'timed-out');
  const others = ofItems.filter((step) => !failed.includes(step)).slice(-MOST_ITEM_STEPS);
  const shown = new Set([...failed.slice(-MOST_ITEM_STEPS), ...others]);
  return steps.filter((step) => step.item === null || shown.has(step));
}

function stepLines({ steps, work }: RunDetail, width: number): readonly string[] {
  if (steps.length === 0) return [];
  const shown = stepsToShow(steps);
  const rows = shown.map(({ step, item, state, title, agent, attempt, status, durationMs }) => [
    step === null ? '-' : String(step),
    item === null ? title : `${title} ${itemOf(item)}`,
    state,
    agent ?? '-',
    status === 'waiting' && isAtWork(work, state) ? 'at work' : status,
    String(attempt),
    durationMs === null ? '' : formatDuration(durationMs),
  ]);
  return [
    '',
    ...formatTable(['STEP', 'TITLE', 'STATE', 'AGENT', 'STATUS', 'ATTEMPT', 'TIME'], rows, width),
    ...leftOut(steps.length - shown.length),
  ];
}

/** Tasks of one state that are told apart by nothing else count as at work when all of them are. */
function isAtWork(work: RunDetail['work'], state: string): boolean {
  const own = work.filter((task) => task.state === state);
  return own.length > 0 && own.every(({ workMs }) => workMs !== null);
}

const leftOut = (count: number): readonly string[] =>
  count === 0 ? [] : [`${count} more steps of items are left out; \`baton run events\` has all of them.`];

function scoreLines({ scores }: Pick<RunView, 'scores'>, width: number): readonly string[] {
  if (scores.length === 0) return [];
  const rows = scores.map(({ phase, round, scores: each }) => [phase, String(round), formatScores(each)]);
  return ['', ...formatTable(['PHASE', 'ROUND', 'SCORES'], rows, width)];
}
