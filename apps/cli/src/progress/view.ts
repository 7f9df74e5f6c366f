import { formatClock, formatDuration } from '../durations.js';
import type { Sink } from '../output.js';
import { printable, wrapWords } from '../table.js';
import { formatScores, formatTools } from './lines.js';
import { describeMap } from './maps.js';
import type { Progress, StepProgress } from './progress.js';

/** The whole run as a few lines, drawn again and again in the same place of a terminal. */

const CLOCK_WIDTH = 8;

/** A piece of a line; `paint` adds the colour, which has no width. */
interface Piece {
  readonly text: string;
  readonly paint?: (text: string) => string;
}
type Line = readonly Piece[];

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
    ` ${number}${printable(step.title)}`.padEnd(titleWidth + 3),
    (step.agent ?? '').padEnd(11),
    time.padStart(9),
    [times, attempt].filter((word) => word !== '').join(', '),
  ];
  const rest = columns.join('  ').trimEnd();
  const isIdle = step.visits === 0;
  return [{ text: `  ${mark}`, paint }, isIdle ? { text: rest, paint: colors.dim } : { text: rest }];
}

/** The newest round of a phase with its scores. */
function phaseLine(phase: string, progress: Progress, colors: Colors): Line {
  const rounds = progress.rounds.filter((round) => round.phase === phase);
  const newest = rounds.at(-1);
  const name = { text: phase, paint: colors.bold };
  if (newest === undefined) return [name];
  const scores = newest.scores === null ? '' : `  ${formatScores(newest.scores)}`;
  return [name, { text: `  round ${newest.round}${scores}` }];
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

const MOST_MAPS = 3;

/** The Maps at work: what failed last, then how far they are. */
function mapLines(progress: Progress, width: number, colors: Colors): readonly Line[] {
  const open = [...progress.maps.values()].filter(({ isOpen }) => isOpen).slice(-MOST_MAPS);
  return open.flatMap((map) => [
    ...wrapped(map.newestFailure === null ? null : `${map.state} ${map.newestFailure}`, width, colors.red),
    [{ text: printable(map.state), paint: colors.bold }, { text: `  ${describeMap(map)}, ${map.running} running` }],
  ]);
}

/** What somebody has to read to its end, or to type, is not cut. */
const wrapped = (text: string | null, width: number, paint: (text: string) => string): readonly Line[] =>
  text === null ? [] : wrapWords(printable(text), width).map((line) => [{ text: line, paint }]);

function footLines(progress: Progress, notice: string | null, width: number, colors: Colors): readonly Line[] {
  const report = progress.toolReports.at(-1);
  return [
    ...mapLines(progress, width, colors),
    ...(report === undefined
      ? []
      : [
          [
            { text: 'tools', paint: report.passed ? colors.green : colors.yellow },
            { text: `  ${formatTools(report)}` },
          ],
        ]),
    ...wrapped(progress.problem, width, colors.red),
    ...wrapped(notice, width, colors.yellow),
  ];
}

/** Cut to the width; a terminal that wrapped a line would put the next picture in the wrong place. */
function paintLine(line: Line, width: number): string {
  let left = width;
  const painted = line.map(({ text, paint = (same: string) => same }) => {
    const cut = text.slice(0, left);
    left -= cut.length;
    return cut === '' ? '' : paint(cut);
  });
  return painted.join('');
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
  const width = Math.max(20, columns - 1);
  const lines: readonly Line[] = [
    [{ text: `${head}${elapsed}`, paint: colors.bold }],
    ...bodyLines(progress, nowMs, colors),
    ...footLines(progress, notice, width, colors),
    [],
  ];
  return lines.map((line) => paintLine(line, width));
}
