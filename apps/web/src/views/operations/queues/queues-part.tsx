import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Button } from '../../../parts/button.js';
import { Confirm } from '../../../parts/confirm.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { countOf } from '../../../parts/spans.js';
import { type Column, Table } from '../../../parts/table.js';
import { Problem } from '../../../shell/problem.js';
import { HealthStrip } from '../health-strip.js';
import { queuesQuery } from './queues-queries.js';
import { UnservedBanner } from './unserved-banner.js';

type Queue = Schemas['QueueView'];

const number = (title: string, of: (queue: Queue) => number): Column<Queue> => ({
  title,
  isNumber: true,
  cell: (queue) => countOf(of(queue)),
});

const COLUMNS: readonly Column<Queue>[] = [
  { title: 'Queue', cell: ({ name }) => name },
  number('Waiting', ({ waiting }) => waiting),
  number('In work', ({ active }) => active),
  number('Delayed', ({ delayed }) => delayed),
  number('Done and remembered', ({ completed }) => completed),
  number('Failed', ({ failed }) => failed),
];

export function QueuesPart(): ReactElement {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const { data, error, isFetching, refetch } = useQuery(queuesQuery);
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={8} />;
  return (
    <div className="space-y-3">
      <HealthStrip />
      <UnservedBanner />
      <p className="flex items-center gap-2 text-quiet">
        <span className="flex-1">Counted when something happens in the log; a queue is a line for all runs.</span>
        <Button disabled={isFetching} onClick={() => void refetch()}>
          Count again
        </Button>
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
      <Table label="Queues" rows={data} columns={COLUMNS} keyOf={({ name }) => name} />
    </div>
  );
}
