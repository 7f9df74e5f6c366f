import { didYouMean, type ScheduleTiming } from '@baton/contracts';
import { type Cron, readCron } from './cron.js';
import { isNearChange, isTimeZone, MOST_PUT_BACK_MS, readingAt, whenShown } from './wall-clock.js';

/** When something is due, computed from nothing but what it was made with. All times are milliseconds since the epoch. */
export interface Timetable {
  /** The first due time after a moment; null: there is none. */
  readonly nextAfter: (afterMs: number) => number | null;
}

/** What is wrong with a timing: `member` of it, and a clause about that. */
export interface TimingProblem {
  readonly member: 'expression' | 'timeZone' | 'at';
  readonly detail: string;
}

/**
 * The due times of a schedule.
 *
 * @param madeAtMs what intervals are counted from where they do not say it
 * @param endsAtMs the last moment at which it may be due; null: for ever
 */
export function timetable(
  timing: ScheduleTiming,
  { madeAtMs, endsAtMs }: { readonly madeAtMs: number; readonly endsAtMs: number | null },
): Timetable | TimingProblem {
  const dueAfter = dueTimes(timing, madeAtMs);
  if (typeof dueAfter !== 'function') return dueAfter;
  return {
    nextAfter: (afterMs) => {
      const next = dueAfter(afterMs);
      return next === null || (endsAtMs !== null && next > endsAtMs) ? null : next;
    },
  };
}

export const isProblem = (made: Timetable | TimingProblem): made is TimingProblem => 'detail' in made;

type DueAfter = (afterMs: number) => number | null;

function dueTimes(timing: ScheduleTiming, madeAtMs: number): DueAfter | TimingProblem {
  switch (timing.type) {
    case 'at': {
      const at = Date.parse(timing.at);
      return (afterMs) => (at > afterMs ? at : null);
    }
    case 'interval': {
      const everyMs = timing.seconds * 1_000;
      const from = timing.from === undefined ? madeAtMs : Date.parse(timing.from);
      // The moment it is counted from is none of them, unless somebody named it.
      const first = timing.from === undefined ? from + everyMs : from;
      return (afterMs) => (afterMs < first ? first : first + (Math.floor((afterMs - first) / everyMs) + 1) * everyMs);
    }
    case 'cron': {
      const { timeZone } = timing;
      if (!isTimeZone(timeZone)) {
        const detail = `is no time zone of the IANA database, such as Europe/Berlin.${didYouMean(timeZone, Intl.supportedValuesOf('timeZone'))}`;
        return { member: 'timeZone', detail: detail.replace(/\.$/, '') };
      }
      const cron = readCron(timing.expression);
      return typeof cron === 'string'
        ? { member: 'expression', detail: cron }
        : (afterMs) => nextByClock(cron, timeZone, afterMs);
    }
  }
}

/**
 * The first moment after another at which the clock of a zone shows what an expression names. Each of its readings comes once:
 * one that the clock leaves out when it is put forward comes at the first moment after the gap, and one that it shows twice when it is put
 * back comes the first time. An expression of every hour is about time that passes: it leaves out what the clock does, and comes both times.
 */
function nextByClock(cron: Cron, timeZone: string, afterMs: number): number | null {
  // Where the clock may be put back soon, what it showed some time ago may come once more.
  const margin = isNearChange(timeZone, afterMs) ? MOST_PUT_BACK_MS : 0;
  let reading: number | null = readingAt(timeZone, afterMs) - margin - 1;
  let best: number | null = null;
  for (;;) {
    reading = cron.nextReading(reading);
    if (reading === null) return best;
    const moments = momentsOf(cron, timeZone, reading);
    const [first] = moments;
    // The first moments of readings never go back, and a second one is later than its first.
    if (best !== null && (first === undefined || first >= best)) return best;
    best = moments.find((moment) => moment > afterMs && (best === null || moment < best)) ?? best;
  }
}

function momentsOf({ isEveryHour }: Cron, timeZone: string, reading: number): readonly number[] {
  const { moments, gapEndMs } = whenShown(timeZone, reading);
  if (isEveryHour) return moments;
  const first = moments[0] ?? gapEndMs;
  return first === null ? [] : [first];
}
