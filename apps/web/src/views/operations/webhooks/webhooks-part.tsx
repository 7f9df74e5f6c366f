import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Rows } from '../../../parts/rows.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Time } from '../../../parts/time.js';
import { Titled } from '../../../parts/titled.js';
import { Problem } from '../../../shell/problem.js';
import { Confirmed } from '../confirmed.js';
import { webhooksQuery } from '../queries.js';
import { CreateWebhook } from './create-webhook.js';
import { Deliveries } from './deliveries.js';

const route = getRouteApi('/shell/operations');

/** Who is told of what happens, and whether it arrived. */
export function WebhooksPart(): ReactElement {
  const { webhook } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error } = useQuery(webhooksQuery);
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  const look = (id: string | undefined): void => void navigate({ search: (before) => ({ ...before, webhook: id }) });
  return (
    <>
      <Titled title="Webhooks" note="Endpoints that are told of what happens." actions={<CreateWebhook />}>
        {data.webhooks.length === 0 ? (
          <Nothing title="There is none.">Create one here, or with baton webhook create.</Nothing>
        ) : (
          <Rows
            label="Webhooks"
            rows={data.webhooks}
            keyOf={({ webhookId }) => webhookId}
            columns={[
              {
                title: 'Endpoint',
                cell: ({ url, disabledReason }) => (
                  <>
                    <span className="break-all">{seen(url)}</span>
                    {disabledReason === null ? null : (
                      <span className="block text-xs text-bad">{seen(disabledReason)}</span>
                    )}
                  </>
                ),
              },
              { title: 'Told of', cell: ({ events }) => events.join(', ') },
              {
                title: 'State',
                cell: ({ status }) => <span className={status === 'active' ? 'text-good' : 'text-bad'}>{status}</span>,
              },
              { title: 'Made', cell: ({ createdAt }) => <Time at={createdAt} /> },
              {
                title: 'Do',
                cell: ({ webhookId: id, url }) => (
                  <span className="flex flex-wrap gap-1">
                    <Button aria-pressed={webhook === id} onClick={() => look(webhook === id ? undefined : id)}>
                      Deliveries
                    </Button>
                    <Confirmed
                      action="Test"
                      title="Send a test?"
                      description={`A test is sent to ${seen(url)} now.`}
                      run={() => api().post('/v1/webhooks/{id}/test', { params: { path: { id } } })}
                      stale={[['live', 'deliveries', id]]}
                      result={({ delivery, answer }) => (
                        <>
                          <p>The test is {delivery.status}.</p>
                          <p className="break-words text-quiet">
                            {seen(answer ?? delivery.attempts.at(-1)?.error ?? '')}
                          </p>
                        </>
                      )}
                    />
                    <Confirmed
                      action="Delete"
                      kind="danger"
                      title="Delete the webhook?"
                      description={`${seen(url)} is told of nothing any more, and what was sent to it is forgotten.`}
                      run={() => api().delete('/v1/webhooks/{id}', { params: { path: { id } } })}
                      stale={[webhooksQuery.queryKey]}
                    />
                  </span>
                ),
              },
            ]}
          />
        )}
      </Titled>
      {webhook === undefined ? null : <Deliveries id={webhook} />}
    </>
  );
}
