import { CronExpressionParser } from 'cron-parser';

/*
 * A cron expression is read by cron-parser, in UTC, which has no summer: what it gives are readings of a clock on the wall. When
 * a zone's clock shows them is said in wall-clock.ts, since there is a right answer to that and each library has its own.
 */

const NAMED = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@hourly'];

export interface Cron {
  /** The first reading after one that the expression names; null: there is none. */
  readonly nextReading: (after: number) => number | null;
  /** Whether it names every hour: then it is about time that passes, and not about what a clock shows. */
  readonly isEveryHour: boolean;
}

/** @returns what is wrong with it, as a clause, where it cannot be read or never comes */
export function readCron(expression: string): Cron | string {
  const text = expression.trim();
  const fields = text.split(/\s+/);
  if (text.startsWith('@') ? !NAMED.includes(text) : fields.length !== 5) {
    return `must have five fields (minute, hour, day of the month, month, day of the week), or be one of ${NAMED.join(', ')}`;
  }
  // Stands for a value of the reader's choice, and each hub would choose another.
  if (fields.some((field) => /^H/i.test(field))) return 'must not have H: what is spread over time is the jitter';
  try {
    const parsed = CronExpressionParser.parse(text, { tz: 'UTC', currentDate: new Date(0) });
    const { hour } = parsed.fields;
    const nextReading = (after: number): number | null => {
      parsed.reset(new Date(after));
      try {
        return parsed.next().getTime();
      } catch {
        // It looks through some hundred years of months.
        return null;
      }
    };
    if (nextReading(0) === null) return 'never comes: no month has such a day';
    return { nextReading, isEveryHour: new Set(hour.values).size === 24 };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    if (/explicit day of month/i.test(reason)) return 'never comes: no month has such a day';
    return `cannot be read: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
  }
}
