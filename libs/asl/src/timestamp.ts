const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

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
