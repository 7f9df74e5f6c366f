import type { EventView } from '@baton/contracts';
import type { Sink } from '../output.js';
import { writeLine } from '../output.js';
import { evolveProgress } from './evolve-progress.js';
import { linesOf } from './lines.js';
import type { Progress } from './progress.js';
import { viewOf } from './view.js';

/** Shows a run while it goes on: in place on a terminal, line by line elsewhere. */
export interface Reporter {
  take(event: EventView): void;
  /** A passing remark, such as a lost connection; null takes it back. */
  notice(text: string | null): void;
  /** A line that stays, above the run. */
  say(line: string): void;
  readonly progress: Progress | null;
  /** Leaves the last picture on the terminal. */
  stop(): void;
}

export interface Clock {
  nowMs(): number;
}

function lineReporter(sink: Sink): Reporter {
  let progress: Progress | null = null;
  return {
    take(event) {
      const after = evolveProgress(progress, event);
      for (const line of linesOf(event, progress, after)) writeLine(sink, line);
      progress = after;
    },
    notice(text) {
      if (text !== null) writeLine(sink, text);
    },
    say: (line) => writeLine(sink, line),
    get progress() {
      return progress;
    },
    stop() {},
  };
}

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** To the first column, `lines` up, and clear from there to the end of the screen. */
const goBack = (lines: number): string => `\r${lines === 0 ? '' : `\u001b[${lines}A`}\u001b[J`;

/** How often the picture is drawn at most; the clock in it moves once a second anyway. */
const FRAME_MS = 100;
const TICK_MS = 1000;

function screenReporter(sink: Sink, clock: Clock): Reporter {
  let progress: Progress | null = null;
  let notice: string | null = null;
  let drawn = 0;
  let pending: NodeJS.Timeout | null = null;
  const draw = (): void => {
    pending = null;
    if (progress === null && notice === null) return;
    const { columns, colors } = sink;
    const lines =
      progress === null ? [notice ?? ''] : viewOf(progress, { nowMs: clock.nowMs(), columns, colors, notice });
    sink.move(`${HIDE_CURSOR}${goBack(drawn)}`);
    sink.write(`${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  const drawSoon = (): void => {
    pending ??= setTimeout(draw, FRAME_MS);
  };
  const ticking = setInterval(drawSoon, TICK_MS);
  return {
    take(event) {
      progress = evolveProgress(progress, event);
      drawSoon();
    },
    notice(text) {
      notice = text;
      drawSoon();
    },
    say(line) {
      sink.move(goBack(drawn));
      writeLine(sink, line);
      drawn = 0;
      draw();
    },
    get progress() {
      return progress;
    },
    stop() {
      clearInterval(ticking);
      if (pending !== null) clearTimeout(pending);
      draw();
      sink.move(SHOW_CURSOR);
    },
  };
}

export const createReporter = (sink: Sink, clock: Clock): Reporter =>
  sink.isTerminal ? screenReporter(sink, clock) : lineReporter(sink);
