/*
 * Days as they are typed and written, 2026-11-28, in the time zone in which somebody reads times.
 */

/** Where a day begins: where the reader is, or in UTC. */
export type Zone = 'local' | 'utc';

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;

/** The day that a time is of. */
export function dayAt(ms: number, zone: Zone): string {
  const date = new Date(ms);
  if (zone === 'utc') return date.toISOString().slice(0, 10);
  const two = (part: number): string => `${part}`.padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** When a day begins, or one that is so many later; null where the text is no day, as 2026-02-31. */
export function startOfDay(day: string, zone: Zone, later = 0): Date | null {
  const [, ...parts] = DAY.exec(day) ?? [];
  const [year, month = 0, date = 0] = parts.map(Number);
  if (year === undefined) return null;
  const at = (days: number): Date =>
    zone === 'utc' ? new Date(Date.UTC(year, month - 1, days)) : new Date(year, month - 1, days);
  return dayAt(at(date).getTime(), zone) === day ? at(date + later) : null;
}

/** The name that a time zone has for everybody else. */
export const nameOfZone = (zone: Zone): string =>
  zone === 'utc' ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every day from the first to the last, so many at most. */
export function daysBetween(first: string, last: string, most: number): readonly string[] {
  const days: string[] = [];
  const day = (later: number): string => dayAt(startOfDay(first, 'utc', later)?.getTime() ?? 0, 'utc');
  if (startOfDay(first, 'utc') === null) return days;
  for (let at = first; at <= last && days.length < most; at = day(days.length)) days.push(at);
  return days;
}
