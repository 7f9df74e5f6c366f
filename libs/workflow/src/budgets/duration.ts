/** ISO 8601 durations of weeks, or of days, hours, minutes and seconds, in seconds. A year or a month has no length. */
const DURATION =
  /^P(?:(\d+(?:\.\d+)?)W|(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?)$/;

/** The length of a duration in seconds; null where the text is none, or one whose length depends on the calendar. */
export function parseDuration(text: string): number | null {
  const parts = DURATION.exec(text);
  if (parts === null || /^P(T)?$/.test(text) || text.endsWith('T')) return null;
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  return (
    Number(weeks) * 604_800 + Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
  );
}

/** The length of a duration that was checked before; without end where it has none, so that no old log is cut short. */
export const durationSeconds = (text: string): number => parseDuration(text) ?? Number.POSITIVE_INFINITY;
