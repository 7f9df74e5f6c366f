import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../api/api.js';
import { mayDo, sessionQuery } from '../../api/session.js';
import { seen } from '../../parts/plain-text.js';
import { Rows } from '../../parts/rows.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf } from '../../parts/spans.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';
import { Confirmed } from './confirmed.js';
import { queuesQuery } from './queries.js';

/** How much waits where. */
export function QueuesPart(): ReactElement {
  const { data: session } = useQuery(sessionQuery);
  const { data, error } = useQuery(queuesQuery);
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={8} />;
  return (
    <Titled
      title="Queues"
      note="Up to date with each event of a run."
      actions={
        mayDo(session, 'operator') ? (
          <Confirmed
            action="Rebuild"
            title="Rebuild the queues?"
            description="Everything that is under way is sent to the queues again. Harmless where the queues hold it already."
            run={() => api().post('/v1/queues/rebuild')}
            stale={[queuesQuery.queryKey]}
            result={() => 'Accepted: the hub sends everything again.'}
          />
        ) : null
      }
    >
      <Rows
        label="Queues"
        rows={data.queues}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Queue', cell: ({ name }) => seen(name) },
          {
            title: 'Waiting',
            isNumber: true,
            cell: ({ waiting }) => (
              <span className={waiting > 0 ? 'font-medium text-warn' : ''}>{countOf(waiting)}</span>
            ),
          },
          { title: 'In work', isNumber: true, cell: ({ active }) => countOf(active) },
          { title: 'Delayed', isNumber: true, cell: ({ delayed }) => countOf(delayed) },
          { title: 'Done', isNumber: true, cell: ({ completed }) => countOf(completed) },
          {
            title: 'Failed',
            isNumber: true,
            cell: ({ failed }) => <span className={failed > 0 ? 'text-bad' : ''}>{countOf(failed)}</span>,
          },
        ]}
      />
    </Titled>
  );
}
