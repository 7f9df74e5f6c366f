/*
 * Moments, and what a clock on the wall of a time zone shows at them. What it shows is written as milliseconds as if the zone were
 * UTC, so that it can be counted with: a *reading*. Zones come from the data of the runtime (Intl).
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** By the name as it was written: in which letters is everybody's own business, so there is no end of them. Oldest first. */
const formats = new Map<string, Intl.DateTimeFormat>();
const MOST_FORMATS = 100;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  const oldest = formats.keys().next();
  if (formats.size > MOST_FORMATS && !oldest.done) formats.delete(oldest.value);
  return format;
}

/** Whether it is a zone of the IANA database, by its name: an offset such as +01:00 knows no summer. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What the clock shows at a moment, to the second. */
export function readingAt(timeZone: string, momentMs: number): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(momentMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const wholeSecond = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wholeSecond + (((momentMs % 1_000) + 1_000) % 1_000);
}

const offsetAt = (timeZone: string, momentMs: number): number => readingAt(timeZone, momentMs) - momentMs;

/** When a clock shows a reading. */
export interface Shown {
  /** Earliest first: none where the clock was put forward over it, two where it was put back. */
  readonly moments: readonly number[];
  /** Where there are none: the first moment after the gap. */
  readonly gapEndMs: number | null;
}

/** When the clock of a zone shows a reading. */
export function whenShown(timeZone: string, reading: number): Shown {
  // Whatever the zone, its offset before and after any change of that day is among these.
  const offsets = new Set([offsetAt(timeZone, reading - DAY_MS), offsetAt(timeZone, reading + DAY_MS)]);
  const moments = [...offsets]
    .map((offset) => reading - offset)
    .filter((moment) => readingAt(timeZone, moment) === reading)
    .sort((a, b) => a - b);
  return moments.length > 0 ? { moments, gapEndMs: null } : { moments, gapEndMs: gapEnd(timeZone, reading, offsets) };
}

/** The first moment at which the clock shows more than a reading that it leaves out. */
function gapEnd(timeZone: string, reading: number, offsets: ReadonlySet<number>): number {
  // By the offset of before it is not reached yet, by that of after it is passed.
  let before = reading - Math.max(...offsets);
  let after = reading - Math.min(...offsets);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (readingAt(timeZone, middle) > reading) after = middle;
    else before = middle;
  }
  return after;
}

/** The most that clocks are put back by. */
export const MOST_PUT_BACK_MS = 3 * HOUR_MS;

/** Whether a clock may be put back within some hours of a moment. */
export const isNearChange = (timeZone: string, momentMs: number): boolean =>
  offsetAt(timeZone, momentMs - MOST_PUT_BACK_MS) !== offsetAt(timeZone, momentMs + MOST_PUT_BACK_MS);
