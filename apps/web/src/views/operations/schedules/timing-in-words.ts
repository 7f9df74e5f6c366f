import type { Schemas } from '../../../api/api.js';
import { durationOf } from '../../../parts/spans.js';

type Schedule = Schemas['ScheduleView'];

/** When it is due, for a reader of a table. */
export function timingInWords({ timing }: Pick<Schedule, 'timing'>): string {
  switch (timing.type) {
    case 'cron':
      return `${timing.expression} (${timing.timeZone})`;
    case 'interval':
      return `every ${durationOf(timing.seconds * 1_000)}`;
    case 'at':
      return 'once';
  }
}

/** What is done about due times that nobody was there for. */
export function catchUpInWords({ catchUp: { policy, most, withinSeconds } }: Pick<Schedule, 'catchUp'>): string {
  if (policy === 'skip') return 'left out';
  const started = policy === 'last' ? 'the last one is started' : `${most} at most are started`;
  return `${started}, if it was due within ${durationOf(withinSeconds * 1_000)}`;
}

/** What is done when it is due while its last run is under way. */
export const OVERLAP_IN_WORDS: Readonly<Record<Schedule['overlap'], string>> = {
  allow: 'both run',
  skip: 'the new one is left out',
  queue: 'the new one waits',
};
