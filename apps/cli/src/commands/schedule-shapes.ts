import { type Firing, type ScheduleDetail, ScheduleName, type ScheduleView } from '@baton/contracts';
import { spanOf, timeOf } from '../durations.js';
import { UsageError } from '../exit-codes.js';
import type { Columns } from '../output.js';
import { formatFacts, formatTable, printable } from '../table.js';
import { shortId } from './run-shapes.js';

/** Throws UsageError where it can be the name of none. */
export function nameOfSchedule(name: string): string {
  if (ScheduleName.safeParse(name).success) return name;
  throw new UsageError(
    `${printable(name)} is not the name of a schedule.`,
    'Names are small letters and digits, with dashes between them, such as nightly-report.',
  );
}

function timingWords({ timing }: Pick<ScheduleView, 'timing'>): string {
  switch (timing.type) {
    case 'cron':
      return `${timing.expression} ${timing.timeZone}`;
    case 'interval':
      return `every ${spanOf(timing.seconds)}`;
    case 'at':
      return `once, ${timeOf(timing.at)}`;
  }
}

export const scheduleColumns: Columns<ScheduleView> = {
  headings: ['SCHEDULE', 'STATUS', 'WHEN', 'WORKFLOW', 'NEXT'],
  row: (schedule) => [
    schedule.name,
    schedule.status,
    timingWords(schedule),
    schedule.run.workflow,
    schedule.nextDueAt === null ? '-' : timeOf(schedule.nextDueAt),
  ],
};

export const scheduleFacts = (schedule: ScheduleView & Partial<Pick<ScheduleDetail, 'upcoming'>>): readonly string[] =>
  formatFacts([
    ['schedule', schedule.name],
    ['status', schedule.status],
    ...stopFacts(schedule),
    ['when', timingWords(schedule)],
    ['workflow', schedule.run.workflow],
    ['overlap', schedule.overlap],
    ['catch up', catchUpWords(schedule)],
    ...(schedule.jitterSeconds === 0 ? [] : [['jitter', `up to ${spanOf(schedule.jitterSeconds)}`] as const]),
    ...(schedule.endsAt === null ? [] : [['ends', timeOf(schedule.endsAt)] as const]),
    ['next', schedule.nextDueAt === null ? '-' : timeOf(schedule.nextDueAt)],
    ['in the name of', `${schedule.createdBy.type} ${schedule.createdBy.id}`],
  ]);

function stopFacts({
  name,
  stop,
  upcoming,
}: Pick<ScheduleView, 'name' | 'stop'> & Partial<Pick<ScheduleDetail, 'upcoming'>>): readonly (readonly [
  string,
  string,
])[] {
  // A gateway of before says nothing of it.
  if (stop === null || stop === undefined) return [];
  const isOver = upcoming?.length === 0;
  return [
    ['stopped', `${timeOf(stop.at)}: ${stop.detail}`],
    isOver
      ? ['due', `nothing any more; baton schedule trigger ${name} starts a run now`]
      : ['to go on', `baton schedule take-over ${name}, with a key that may submit its runs`],
  ];
}

/** Of one that rests, or was stopped, nothing starts then. */
const whenDue = ({ nextDueAt }: ScheduleView): string => (nextDueAt === null ? 'would be due' : 'due next');

function catchUpWords({ catchUp: { policy, most, withinSeconds } }: ScheduleView): string {
  if (policy === 'skip') return 'nothing';
  return `${policy === 'last' ? 'the last one' : `${most} at most`}, not older than ${spanOf(withinSeconds)}`;
}

const firingRow = (firing: Firing): readonly string[] => [
  timeOf(firing.dueAt),
  `${firing.outcome}${firing.count === 1 ? '' : ` ${firing.count}, up to ${timeOf(firing.untilAt)}`}${firing.isManual ? ' by hand' : ''}`,
  firing.runId === null ? '-' : shortId(firing.runId),
  firing.status ?? '-',
  firing.reason ?? '',
];

export const detailLines = (schedule: ScheduleDetail): readonly string[] => [
  ...scheduleFacts(schedule),
  ...(schedule.upcoming.length === 0
    ? []
    : ['', whenDue(schedule), ...schedule.upcoming.map((at) => `  ${timeOf(at)}`)]),
  ...(schedule.firings.length === 0
    ? []
    : ['', ...formatTable(['DUE', 'OUTCOME', 'RUN', 'STATUS', 'WHY'], schedule.firings.map(firingRow))]),
];
