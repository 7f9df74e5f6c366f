import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { queuesQuery } from '../../../api/operations.js';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Confirm } from '../../../parts/confirm.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { countOf, durationOf } from '../../../parts/spans.js';
import { type Column, Table } from '../../../parts/table.js';
import { useNow } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { HealthStrip } from '../health-strip.js';

type Queue = Schemas['QueueView'];

const number = (title: string, of: (queue: Queue) => number): Column<Queue> => ({
  title,
  isNumber: true,
  cell: (queue) => countOf(of(queue)),
});

const columnsAt = (countedAtMs: number): readonly Column<Queue>[] => [
  { title: 'Queue', cell: ({ name }) => name },
  number('Waiting', ({ waiting }) => waiting),
  {
    title: 'Oldest waits',
    isNumber: true,
    cell: ({ oldestMs }) => (oldestMs === null ? '' : <Waited sinceMs={countedAtMs - oldestMs} />),
  },
  number('In work', ({ active }) => active),
  number('Done in the last minute', ({ doneLastMinute }) => doneLastMinute),
  number('Delayed', ({ delayed }) => delayed),
  number('Failed', ({ failed }) => failed),
];

/** Goes on by itself: nothing is asked again for that. */
const Waited = ({ sinceMs }: { readonly sinceMs: number }): ReactElement => (
  <span className="whitespace-nowrap">{durationOf(Math.max(0, useNow() - sinceMs))}</span>
);

export function QueuesPart(): ReactElement {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const { data, error, dataUpdatedAt } = useQuery(queuesQuery);
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={8} />;
  return (
    <div className="space-y-3">
      <HealthStrip />
      <p className="flex items-center gap-2 text-quiet">
        <span className="flex-1">
          A queue is a line for all runs. What was done is counted over the last minute; several messages that travel as
          one count as one.
        </span>
        {mayDo(session, 'operator') ? (
          <Confirm
            label="Fill again"
            title="Fill the queues again?"
            act={async () => {
              await api().post('/v1/queues/rebuild');
              return 'Asked for. The orchestrators look within a second and send what is missing.';
            }}
            onDone={() => void queries.invalidateQueries({ queryKey: queuesQuery.queryKey })}
          >
            Every task that is open in the log is sent again where its queue has lost it. What is there stays, and
            nothing is done twice.
          </Confirm>
        ) : null}
      </p>
      <Table label="Queues" rows={data} columns={columnsAt(dataUpdatedAt)} keyOf={({ name }) => name} />
    </div>
  );
}
