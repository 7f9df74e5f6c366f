import { formatClock, formatDuration } from '../durations.js';
import type { Sink } from '../output.js';
import { printable } from '../table.js';
import { formatScores, formatTools } from './lines.js';
import type { Progress, StepProgress } from './progress.js';

/** The whole run as a few lines, drawn again and again in the same place of a terminal. */

const CLOCK_WIDTH = 8;

/** A line as plain text and as it is painted; only the plain one has a width that can be counted. */
interface Line {
  readonly text: string;
  readonly paint: (text: string) => string;
}

const plain = (text: string): Line => ({ text, paint: (same) => same });

type Colors = Sink['colors'];

function markOf(
  step: StepProgress,
  progress: Progress,
  colors: Colors,
): { mark: string; paint: (text: string) => string } {
  if (step.sinceMs !== null) return { mark: '●', paint: colors.cyan };
  if (step.ending === 'failed') return { mark: '✗', paint: colors.red };
  if (step.ending === 'cancelled') return { mark: '-', paint: colors.yellow };
  if (step.visits > 0) return { mark: '✓', paint: colors.green };
  return { mark: progress.endedAtMs === null ? '·' : '-', paint: colors.dim };
}

function stepLine(step: StepProgress, progress: Progress, nowMs: number, titleWidth: number, colors: Colors): Line {
  const { mark, paint } = markOf(step, progress, colors);
  const runningMs = step.sinceMs === null ? 0 : Math.max(0, nowMs - step.sinceMs);
  const time = step.visits === 0 ? '' : formatDuration(step.workedMs + runningMs);
  const times = step.visits > 1 ? `${step.visits} times` : '';
  const attempt = step.attempt > 1 ? `attempt ${step.attempt}` : '';
  const number = step.number === null ? '' : `${step.number} `;
  const columns = [
    `  ${mark} ${number}${printable(step.title)}`.padEnd(titleWidth + 6),
    (step.agent ?? '').padEnd(11),
    time.padStart(9),
    [times, attempt].filter((word) => word !== '').join(', '),
  ];
  return { text: columns.join('  ').trimEnd(), paint };
}

/** The newest round of a phase with its scores; earlier rounds follow in short. */
function phaseLine(phase: string, progress: Progress, colors: Colors): Line {
  const rounds = progress.rounds.filter((round) => round.phase === phase);
  const newest = rounds.at(-1);
  const paint = colors.bold;
  if (newest === undefined) return { text: phase, paint };
  const scores = newest.scores === null ? '' : `  ${formatScores(newest.scores)}`;
  return { text: `${phase}  round ${newest.round}${scores}`, paint };
}

function bodyLines(progress: Progress, nowMs: number, colors: Colors): readonly Line[] {
  const titleWidth = Math.max(
    0,
    ...progress.steps.map(({ title, number }) => title.length + (number === null ? 0 : 2)),
  );
  const linesFor = (phase: string | null): readonly Line[] =>
    progress.steps
      .filter((step) => step.phase === phase)
      .map((step) => stepLine(step, progress, nowMs, titleWidth, colors));
  return [
    ...progress.phases.flatMap((phase) => [phaseLine(phase, progress, colors), ...linesFor(phase)]),
    ...linesFor(null),
  ];
}

function footLines(progress: Progress, notice: string | null, colors: Colors): readonly Line[] {
  const report = progress.toolReports.at(-1);
  return [
    ...(report === undefined
      ? []
      : [{ text: `tools  ${formatTools(report)}`, paint: report.passed ? colors.green : colors.yellow }]),
    ...(progress.problem === null ? [] : [{ text: printable(progress.problem), paint: colors.red }]),
    ...(notice === null ? [] : [{ text: notice, paint: colors.yellow }]),
  ];
}

export interface ViewOptions {
  readonly nowMs: number;
  readonly columns: number;
  readonly colors: Colors;
  /** Something to tell beside the run, such as a lost connection. */
  readonly notice: string | null;
}

/** Lines that fit the width, ready to be painted. */
export function viewOf(progress: Progress, options: ViewOptions): readonly string[] {
  const { nowMs, columns, colors, notice } = options;
  const model = progress.models.length === 0 ? '' : `  model: ${progress.models.join(', ')}`;
  const elapsed = formatClock((progress.endedAtMs ?? nowMs) - progress.startedAtMs).padStart(CLOCK_WIDTH);
  const head = `${progress.workflow}  run ${progress.runId.slice(0, 8)}  ${progress.status}${model}`;
  const lines = [
    { text: `${head}${elapsed}`, paint: colors.bold },
    ...bodyLines(progress, nowMs, colors),
    ...footLines(progress, notice, colors),
    plain(''),
  ];
  return lines.map(({ text, paint }) => paint(text.slice(0, Math.max(20, columns - 1))));
}
