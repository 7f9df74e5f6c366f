import { dayAt, startOfDay, type Zone } from '../../parts/days.js';

/** From the beginning of one day to the end of another. */
export interface Range {
  readonly since: string;
  readonly until: string;
  /** In which they are days. */
  readonly zone: Zone;
}

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;

const isDay = (text: string | undefined): text is string =>
  text !== undefined && startOfDay(text, 'utc') !== null && text >= '1970-01-01';

/** The day so many before another. */
const dayBefore = (day: string, days: number): string => dayAt(Date.parse(day) - days * DAY_MS, 'utc');

/** The range of so many days that ends today. */
export function lastDays(days: number, nowMs: number, zone: Zone): Pick<Range, 'since' | 'until'> {
  const until = dayAt(nowMs, zone);
  return { since: dayBefore(until, days - 1), until };
}

/** What the address says, as far as it is a range; the last thirty days where it says nothing. */
export function rangeOf(
  given: { readonly since?: string | undefined; readonly until?: string | undefined },
  nowMs: number,
  zone: Zone,
): Range {
  const until = isDay(given.until) ? given.until : dayAt(nowMs, zone);
  const since = isDay(given.since) ? given.since : dayBefore(until, DEFAULT_DAYS - 1);
  return since <= until ? { since, until, zone } : { since: until, until: since, zone };
}

/** As the gateway is asked: until the end of the last day. */
export const instantsOf = ({ since, until, zone }: Range): { readonly since: string; readonly until: string } => ({
  since: (startOfDay(since, zone) ?? new Date(0)).toISOString(),
  until: (startOfDay(until, zone, 1) ?? new Date(0)).toISOString(),
});
