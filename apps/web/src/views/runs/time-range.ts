/*
 * A range of time as the address has it: `today`, `24h`, `7d`, `30d`, or two days, `2026-11-01..2026-11-05`, either of which
 * may be missing. What is said relative to now stays so: a link to what failed today is of another day tomorrow.
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

/** Null where the text is none, or has nothing in it. Days are those of whoever looks, the last one included. */
export function rangeOf(text: string, nowMs: number): Range | null {
  if (text === 'today') {
    const now = new Date(nowMs);
    return { after: new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString() };
  }
  const last = Object.hasOwn(LAST, text) ? LAST[text] : undefined;
  if (last !== undefined) return { after: new Date(nowMs - last).toISOString() };
  const [, from, to] = DAYS.exec(text) ?? [];
  const [after, before] = [midnightOf(from, 0), midnightOf(to, 1)];
  if ((from !== undefined && after === null) || (to !== undefined && before === null)) return null;
  if (after === null && before === null) return null;
  return { ...(after === null ? {} : { after }), ...(before === null ? {} : { before }) };
}

/** The beginning of a day where one looks, or of one after it. */
function midnightOf(day: string | undefined, later: number): string | null {
  if (day === undefined) return null;
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const at = new Date(year, month - 1, date);
  // 31 February is no day.
  if (at.getMonth() !== month - 1) return null;
  return new Date(year, month - 1, date + later).toISOString();
}

/** The days of a range that is between two; empty where it is another. */
export function daysOf(text: string | undefined): { readonly from: string; readonly to: string } | null {
  const found = DAYS.exec(text ?? '');
  return found === null ? null : { from: found[1] ?? '', to: found[2] ?? '' };
}
