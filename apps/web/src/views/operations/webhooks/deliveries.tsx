import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { operationsKey } from '../../../api/operations.js';
import { Confirm } from '../../../parts/confirm.js';
import { Nothing } from '../../../parts/nothing.js';
import { More } from '../../../parts/pages.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { durationOf } from '../../../parts/spans.js';
import { Status } from '../../../parts/status.js';
import { type Column, Table } from '../../../parts/table.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';

type Delivery = Schemas['WebhookDelivery'];

const saidOf = ({ attempts }: Delivery): string => {
  const last = attempts.at(-1);
  if (last === undefined) return 'not tried yet';
  const answer = last.status === null ? (last.error ?? 'no answer') : `answered ${last.status}`;
  return seen(`${answer} after ${durationOf(last.durationMs)}`);
};

/** What a webhook was told, how often it was tried, and what may be done about it. */
export function Deliveries({ webhook }: { readonly webhook: Schemas['WebhookView'] }): ReactElement {
  const { webhookId, url } = webhook;
  const queries = useQueryClient();
  const queryKey = [...operationsKey('webhooks'), webhookId];
  const again = (): void => void queries.invalidateQueries({ queryKey: operationsKey('webhooks') });
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      api().get('/v1/webhooks/{id}/deliveries', {
        params: { path: { id: webhookId }, query: pageParam === null ? {} : { cursor: pageParam } },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  const columns: readonly Column<Delivery>[] = [
    { title: 'Event', cell: ({ type }) => type },
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
    { title: 'State', cell: ({ status }) => <Status status={status} /> },
    { title: 'Tries', isNumber: true, cell: ({ attempts }) => attempts.length },
    { title: 'Last answer', cell: saidOf },
    { title: 'When', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      title: 'Again',
      cell: ({ deliveryId }) => (
        <Confirm
          label="Send again"
          title="Send this delivery again?"
          act={async (key) => {
            await api().post('/v1/webhooks/{id}/deliveries/{deliveryId}/retry', {
              params: { path: { id: webhookId, deliveryId }, header: { 'Idempotency-Key': key } },
            });
            return 'It is sent again.';
          }}
          onDone={again}
        >
          The endpoint is told the same once more, under the same id: it can tell that it knows it.
        </Confirm>
      ),
    },
  ];
  const deliveries = data?.pages.flatMap((page) => page.deliveries);
  return (
    <section aria-label={`Deliveries to ${url}`} className="space-y-2">
      <header className="flex flex-wrap items-center gap-2">
        <h2 className="flex-1 font-semibold break-all">Deliveries to {seen(url)}</h2>
        <Confirm
          label="Test"
          title="Send a test?"
          act={async () => {
            const { delivery, answer } = await api().post('/v1/webhooks/{id}/test', {
              params: { path: { id: webhookId } },
            });
            return `${saidOf(delivery)}.${answer === null ? '' : ` It said: ${seen(answer.slice(0, 500))}`}`;
          }}
          onDone={again}
        >
          The endpoint is sent one event of the type test now, and what it answers is shown here.
        </Confirm>
        <Confirm
          label="Delete"
          kind="danger"
          title="Delete this webhook?"
          act={async () => {
            await api().delete('/v1/webhooks/{id}', { params: { path: { id: webhookId } } });
            return undefined;
          }}
          onDone={again}
        >
          Nothing more is sent to {seen(url)}, also not what waits to be sent again.
        </Confirm>
      </header>
      {error === null ? null : <Problem error={error} />}
      {deliveries === undefined && error === null ? <Skeleton /> : null}
      {deliveries?.length === 0 ? <Nothing title="Nothing was sent yet." /> : null}
      {deliveries === undefined || deliveries.length === 0 ? null : (
        <Table label="Deliveries" rows={deliveries} columns={columns} keyOf={({ deliveryId }) => deliveryId} />
      )}
      <More hasMore={hasNextPage} isLoading={isFetchingNextPage} onMore={() => void fetchNextPage()} />
    </section>
  );
}
