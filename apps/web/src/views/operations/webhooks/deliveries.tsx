import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { seen } from '../../../parts/plain-text.js';
import { Rows } from '../../../parts/rows.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { durationOf } from '../../../parts/spans.js';
import { Status } from '../../../parts/status.js';
import { Time } from '../../../parts/time.js';
import { Titled } from '../../../parts/titled.js';
import { Problem } from '../../../shell/problem.js';
import { Confirmed } from '../confirmed.js';
import { deliveriesQuery } from '../queries.js';

/** What was sent to a webhook, with each attempt. */
export function Deliveries({ id }: { readonly id: string }): ReactElement {
  const { data, error } = useQuery(deliveriesQuery(id));
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  return (
    <Titled title="Deliveries" note="The newest 50.">
      {data.deliveries.length === 0 ? <p className="text-quiet">Nothing was sent yet.</p> : null}
      <Rows
        label="Deliveries"
        rows={data.deliveries}
        keyOf={({ deliveryId }) => deliveryId}
        columns={[
          { title: 'When', cell: ({ createdAt }) => <Time at={createdAt} /> },
          {
            title: 'Of',
            cell: ({ type, runId }) => (
              <>
                {seen(type)}
                {runId === null ? null : (
                  <Link to="/runs/$runId" params={{ runId }} className="block text-xs text-accent hover:underline">
                    {runId.slice(0, 8)}
                  </Link>
                )}
              </>
            ),
          },
          { title: 'State', cell: ({ status }) => <Status status={status} /> },
          {
            title: 'Attempts',
            cell: ({ attempts, nextAttemptAt }) => (
              <ol>
                {attempts.map(({ number, at, durationMs, status, error: problem }) => (
                  <li key={number}>
                    {number}. <Time at={at} />: {seen(problem ?? String(status ?? ''))}, {durationOf(durationMs)}
                  </li>
                ))}
                {nextAttemptAt === null ? null : (
                  <li className="text-quiet">
                    again <Time at={nextAttemptAt} />
                  </li>
                )}
              </ol>
            ),
          },
          {
            title: 'Do',
            cell: ({ deliveryId }) => (
              <Confirmed
                action="Send again"
                title="Send it again?"
                description="The same content is sent once more, under the same id."
                run={(key) =>
                  api().post('/v1/webhooks/{id}/deliveries/{deliveryId}/retry', {
                    params: { path: { id, deliveryId }, header: { 'Idempotency-Key': key } },
                  })
                }
                stale={[['live', 'deliveries', id]]}
              />
            ),
          },
        ]}
      />
    </Titled>
  );
}
