const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.(\d+))?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Milliseconds since the epoch of an RFC 3339 time with a capital T and an offset, or null. */
export function parseTimestamp(text: string): number | null {
  const day = RFC_3339.exec(text)?.[1];
  if (day === undefined || !isDay(day)) return null;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? null : millis;
}

/** `Date.parse` takes the 31st of February for the 2nd of March. */
function isDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}

/**
 * Which of two times is earlier: a number below, at or above 0, to the last digit of their seconds. Null where one of them
 * is none.
 */
export function compareTimestamps(left: string, right: string): number | null {
  const [a, b] = [parseTimestamp(left), parseTimestamp(right)];
  if (a === null || b === null) return null;
  const [fine, finer] = [belowMillis(left), belowMillis(right)];
  return a - b || (fine < finer ? -1 : Number(fine > finer));
}

/** The digits of a second beyond its thousandths; as texts they are in the order of what they stand for. */
const belowMillis = (text: string): string => (RFC_3339.exec(text)?.[2] ?? '').slice(3).replace(/0+$/, '');
