import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Schemas } from '../../../api/api.js';
import { workersQuery } from '../../../api/operations.js';
import { Nothing } from '../../../parts/nothing.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { durationOf } from '../../../parts/spans.js';
import { Status } from '../../../parts/status.js';
import { type Column, Table } from '../../../parts/table.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { byKind, stateOf } from './by-kind.js';

type Worker = Schemas['WorkerView'];

const COLUMNS: readonly Column<Worker>[] = [
  { title: 'Worker', cell: ({ workerId }) => <span title={workerId}>{workerId.slice(0, 8)}</span> },
  { title: 'State', cell: (worker) => <Status status={stateOf(worker)} /> },
  { title: 'Version', cell: ({ version }) => version },
  { title: 'Where', cell: ({ host, pid }) => `${host}, process ${pid}` },
  { title: 'Tasks', isNumber: true, cell: ({ load, concurrency }) => `${load} of ${concurrency}` },
  { title: 'Last sign of life', cell: ({ seenAt }) => <Time at={seenAt} /> },
  { title: 'Since', cell: ({ startedAt }) => <Time at={startedAt} /> },
];

export function WorkersPart(): ReactElement {
  const { data, error } = useQuery(workersQuery);
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={8} />;
  if (data.length === 0)
    return (
      <Nothing title="No worker has been seen.">
        npm start brings those that ship; your own say so with createWorker.
      </Nothing>
    );
  return (
    <div className="space-y-4">
      {byKind(data).map(({ kind, description, workers, living, draining, load, room }) => (
        <section key={kind} aria-label={`Workers of the kind ${kind}`}>
          <h2 className="mb-1 font-semibold">
            {kind}{' '}
            <span className="font-normal text-quiet">
              {living === 0
                ? 'nobody lives'
                : `${living} ${living === 1 ? 'lives' : 'live'}, ${load} of ${room} tasks${draining === 0 ? '' : `, ${draining} draining`}`}
            </span>
          </h2>
          <p className="mb-1 text-quiet">{description}</p>
          {workers.some(({ isAtOdds }) => isAtOdds) ? (
            <p className="mb-1 text-warn">
              Workers of this kind say different things of what they take or give, and a task may get to either.
            </p>
          ) : null}
          {workers.map(({ workerId, host, slow }) =>
            slow === null || slow === undefined ? null : (
              <p key={workerId} className="mb-1 text-warn">
                {`${workerId.slice(0, 8)} on ${host} takes ${durationOf(slow.medianMs)} for ${slow.state}, its fellows ${durationOf(slow.fellowsMs)} (medians; ${slow.tasks} tasks).`}
              </p>
            ),
          )}
          <Table label={`Workers of ${kind}`} rows={workers} columns={COLUMNS} keyOf={({ workerId }) => workerId} />
        </section>
      ))}
    </div>
  );
}
