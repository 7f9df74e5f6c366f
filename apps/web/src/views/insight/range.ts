/** From the beginning of one day to the end of another, in UTC. Undefined `since`: from the first. */
export interface Range {
  readonly since: string;
  readonly until: string;
}

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;

const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

const dayAt = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The range of so many days that ends today. */
export const lastDays = (days: number, nowMs: number): Range => ({
  since: dayAt(nowMs - (days - 1) * DAY_MS),
  until: dayAt(nowMs),
});

/** What the address says, as far as it is a range; the last thirty days where it says nothing. */
export function rangeOf(given: { since?: string | undefined; until?: string | undefined }, nowMs: number): Range {
  const until = isDay(given.until) ? given.until : dayAt(nowMs);
  const since = isDay(given.since) ? given.since : dayAt(Date.parse(until) - (DEFAULT_DAYS - 1) * DAY_MS);
  return since <= until ? { since, until } : { since: until, until: since };
}

/** Whether a time of ISO 8601 is in the range. */
export const isWithin = (at: string, { since, until }: Range): boolean =>
  at.slice(0, 10) >= since && at.slice(0, 10) <= until;
