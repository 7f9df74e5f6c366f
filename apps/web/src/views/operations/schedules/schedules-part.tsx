import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Schemas } from '../../../api/api.js';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Status } from '../../../parts/status.js';
import { type Column, Table } from '../../../parts/table.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { CreateSchedule } from './create-schedule.js';
import { ScheduleDetail } from './schedule-detail.js';
import { schedulesQuery } from './schedule-queries.js';
import { timingInWords } from './timing-in-words.js';

type Schedule = Schemas['ScheduleView'];

const route = getRouteApi('/shell/operations');

const COLUMNS: readonly Column<Schedule>[] = [
  {
    title: 'Schedule',
    cell: ({ name }) => (
      <Link to="/operations" search={{ part: 'schedules', schedule: name }} className="text-accent hover:underline">
        {name}
      </Link>
    ),
  },
  { title: 'State', cell: ({ status }) => <Status status={status} /> },
  {
    title: 'When',
    cell: (schedule) => (
      <>
        {seen(timingInWords(schedule))} {schedule.timing.type === 'at' ? <Time at={schedule.timing.at} /> : null}
      </>
    ),
  },
  { title: 'Workflow', cell: ({ run }) => seen(run.workflow) },
  { title: 'Next', cell: ({ nextDueAt }) => (nextDueAt === null ? '–' : <Time at={nextDueAt} />) },
  { title: 'By', cell: ({ createdBy }) => seen(createdBy.id) },
];

/** What is started by itself, and when. */
export function SchedulesPart(): ReactElement {
  const { schedule: chosen } = route.useSearch();
  const { data: session } = useQuery(sessionQuery);
  const { data, error } = useQuery(schedulesQuery);
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  return (
    <div className="space-y-3">
      {mayDo(session, 'submitter') ? <CreateSchedule /> : null}
      {data.length === 0 ? (
        <Nothing title="There is no schedule.">
          A schedule starts runs by itself: at times of a cron expression, at an interval, or once.
        </Nothing>
      ) : (
        <Table label="Schedules" rows={data} columns={COLUMNS} keyOf={({ scheduleId }) => scheduleId} />
      )}
      {chosen === undefined ? null : <ScheduleDetail key={chosen} name={chosen} />}
    </div>
  );
}
