import type { QuietHours } from '@baton/contracts';
import { readingAt, whenShown } from './wall-clock.js';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** 1 January 1970, from which readings count, was a Thursday. */
const WEEKDAYS = ['thursday', 'friday', 'saturday', 'sunday', 'monday', 'tuesday', 'wednesday'] as const;
/** Six whole days, and the nights between them. */
const MOST_STEPS = 32;

/** The first moment from which somebody may be told: the given one, or the end of the quiet that it is in. Milliseconds. */
export function afterQuiet(momentMs: number, quiet: QuietHours): number {
  let moment = momentMs;
  for (let step = 0; step < MOST_STEPS && isQuiet(moment, quiet); step += 1) moment = nextEnd(moment, quiet);
  return moment;
}

function isQuiet(momentMs: number, { from, to, timeZone, days }: QuietHours): boolean {
  const reading = readingAt(timeZone, momentMs);
  const day = WEEKDAYS[((Math.floor(reading / DAY_MS) % 7) + 7) % 7];
  if (day !== undefined && days.includes(day)) return true;
  const at = reading - Math.floor(reading / DAY_MS) * DAY_MS;
  const [begins, ends] = [msOf(from), msOf(to)];
  return begins <= ends ? begins <= at && at < ends : at >= begins || at < ends;
}

/** The end of the hours, or of the day, whichever comes first. */
function nextEnd(momentMs: number, { to, timeZone }: QuietHours): number {
  const reading = readingAt(timeZone, momentMs);
  const midnight = Math.floor(reading / DAY_MS) * DAY_MS;
  const ends = [midnight + msOf(to), midnight + DAY_MS].filter((end) => end > reading);
  const { moments, gapEndMs } = whenShown(timeZone, Math.min(...ends));
  return moments.find((moment) => moment > momentMs) ?? gapEndMs ?? momentMs + MINUTE_MS;
}

function msOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}
