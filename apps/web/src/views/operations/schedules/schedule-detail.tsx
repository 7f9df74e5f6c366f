import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Confirm } from '../../../parts/confirm.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { durationOf } from '../../../parts/spans.js';
import { Status } from '../../../parts/status.js';
import { type Column, Table } from '../../../parts/table.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { SCHEDULES, scheduleQuery } from './schedule-queries.js';
import { catchUpInWords, OVERLAP_IN_WORDS } from './timing-in-words.js';

const route = getRouteApi('/shell/operations');

type Schedule = Schemas['ScheduleDetail'];
type Firing = Schemas['Firing'];

const FIRINGS: readonly Column<Firing>[] = [
  {
    title: 'Due',
    cell: ({ dueAt, untilAt, count }) => (
      <>
        <Time at={dueAt} />
        {count === 1 ? null : (
          <>
            {' '}
            and {count - 1} more up to <Time at={untilAt} />
          </>
        )}
      </>
    ),
  },
  { title: 'Outcome', cell: ({ outcome, isManual }) => (isManual ? `${outcome} by hand` : outcome) },
  {
    title: 'Run',
    cell: ({ runId }) =>
      runId === null ? (
        ''
      ) : (
        <Link to="/runs/$runId" params={{ runId }} className="text-accent hover:underline">
          {runId.slice(0, 8)}
        </Link>
      ),
  },
  { title: 'State', cell: ({ status }) => (status === null ? '' : <Status status={status} />) },
  { title: 'Why', cell: ({ reason }) => seen(reason ?? '') },
];

/** What comes next of a schedule, what was last, and what may be done about it. */
export function ScheduleDetail({ name }: { readonly name: string }): ReactElement {
  const { data: session } = useQuery(sessionQuery);
  const { data, error } = useQuery(scheduleQuery(name));
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  return (
    <section aria-label={`Schedule ${name}`} className="space-y-2">
      <header className="flex flex-wrap items-center gap-2">
        <h2 className="flex-1 font-semibold">{name}</h2>
        {mayDo(session, 'submitter', 'operator') ? <Actions schedule={data} /> : null}
      </header>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        {data.stop === null || data.stop === undefined ? null : (
          <>
            <dt className="text-quiet">Stopped</dt>
            <dd>
              <Time at={data.stop.at} />: {seen(data.stop.detail)}{' '}
              {data.upcoming.length === 0
                ? 'Nothing is due any more: a run can be started by hand.'
                : 'It goes on once somebody takes it over.'}
            </dd>
          </>
        )}
        <dt className="text-quiet">While the last run is under way</dt>
        <dd>{OVERLAP_IN_WORDS[data.overlap]}</dd>
        <dt className="text-quiet">What nobody was there for</dt>
        <dd>{catchUpInWords(data)}</dd>
        {data.jitterSeconds === 0 ? null : (
          <>
            <dt className="text-quiet">Later by up to</dt>
            <dd>{durationOf(data.jitterSeconds * 1_000)}</dd>
          </>
        )}
        <dt className="text-quiet">Due next</dt>
        <dd>
          {data.upcoming.length === 0 ? 'never' : null}
          <ul>
            {data.upcoming.map((at) => (
              <li key={at}>
                <Time at={at} />
              </li>
            ))}
          </ul>
        </dd>
      </dl>
      {data.firings.length === 0 ? (
        <Nothing title="It has not been due yet." />
      ) : (
        <Table label="What it did" rows={data.firings} columns={FIRINGS} keyOf={keyOfFiring} />
      )}
    </section>
  );
}

const keyOfFiring = ({ dueAt, isManual, outcome, runId }: Firing): string =>
  [dueAt, isManual, outcome, runId ?? ''].join(' ');

function Actions({ schedule: { name, status } }: { readonly schedule: Schedule }): ReactElement {
  const queries = useQueryClient();
  const again = (): void => void queries.invalidateQueries({ queryKey: SCHEDULES });
  const navigate = route.useNavigate();
  /** What is gone is not asked for any more. */
  const leave = async (): Promise<void> => {
    await navigate({ search: { part: 'schedules' } });
    await queries.invalidateQueries({ queryKey: SCHEDULES, exact: true });
  };
  const path = { name };
  return (
    <>
      <Confirm
        label="Start now"
        title="Start a run of this schedule now?"
        act={async (key) => {
          await api().post('/v1/schedules/{name}/trigger', {
            params: { path, header: { 'Idempotency-Key': key } },
          });
          return 'It was submitted.';
        }}
        onDone={again}
      >
        One run more, beside those that are due.
      </Confirm>
      {status === 'active' ? (
        <Confirm
          label="Pause"
          title="Pause this schedule?"
          act={async () => {
            await api().post('/v1/schedules/{name}/pause', { params: { path } });
            return undefined;
          }}
          onDone={again}
        >
          Nothing is due until it is resumed. Runs that are under way go on.
        </Confirm>
      ) : null}
      {status === 'paused' ? (
        <Confirm
          label="Resume"
          title="Resume this schedule?"
          act={async () => {
            await api().post('/v1/schedules/{name}/resume', { params: { path } });
            return undefined;
          }}
          onDone={again}
        >
          It is due again from now on. What was due while it rested is not started.
        </Confirm>
      ) : null}
      {status === 'stopped' ? (
        <Confirm
          label="Take over"
          title="Take this schedule over?"
          act={async () => {
            await api().post('/v1/schedules/{name}/take-over', { params: { path } });
            return undefined;
          }}
          onDone={again}
        >
          Its runs are started in your name from now on. What was due meanwhile is not started.
        </Confirm>
      ) : null}
      <Confirm
        label="Delete"
        kind="danger"
        title="Delete this schedule?"
        act={async () => {
          await api().delete('/v1/schedules/{name}', { params: { path } });
          return undefined;
        }}
        onDone={() => void leave()}
      >
        Its runs stay. Nothing more is started.
      </Confirm>
    </>
  );
}
