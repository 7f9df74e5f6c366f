import { dayAt, startOfDay, type Zone } from '../../parts/days.js';

/*
 * A range of time as the address has it: `today`, `24h`, `7d`, `30d`, or two days, `2026-11-01..2026-11-05`, either of which
 * may be missing. Days are those of whoever looks, or of UTC where times are shown so. What is said relative to now stays so: a link to what failed today is of another day tomorrow.
 */

const HOUR = 3_600_000;
const LAST: Readonly<Record<string, number>> = { '24h': 24 * HOUR, '7d': 7 * 24 * HOUR, '30d': 30 * 24 * HOUR };
const DAYS = /^(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$/;

/** Those that have a name. */
export const RANGES = [
  ['today', 'today'],
  ['24h', 'last 24 hours'],
  ['7d', 'last 7 days'],
  ['30d', 'last 30 days'],
] as const;

interface Range {
  /** RFC 3339; absent where it is open. */
  readonly after?: string;
  readonly before?: string;
}

/** Null where the text is none, or has nothing in it. The last day is included. */
export function rangeOf(text: string, nowMs: number, zone: Zone = 'local'): Range | null {
  if (text === 'today') return { after: startOfDay(dayAt(nowMs, zone), zone)?.toISOString() ?? '' };
  const last = Object.hasOwn(LAST, text) ? LAST[text] : undefined;
  if (last !== undefined) return { after: new Date(nowMs - last).toISOString() };
  const [, from, to] = DAYS.exec(text) ?? [];
  const [after, before] = [midnightOf(from, zone, 0), midnightOf(to, zone, 1)];
  if ((from !== undefined && after === null) || (to !== undefined && before === null)) return null;
  if (after === null && before === null) return null;
  return { ...(after === null ? {} : { after }), ...(before === null ? {} : { before }) };
}

const midnightOf = (day: string | undefined, zone: Zone, later: number): string | null =>
  day === undefined ? null : (startOfDay(day, zone, later)?.toISOString() ?? null);

/** The days of a range that is between two; empty where it is another. */
export function daysOf(text: string | undefined): { readonly from: string; readonly to: string } | null {
  const found = DAYS.exec(text ?? '');
  return found === null ? null : { from: found[1] ?? '', to: found[2] ?? '' };
}
