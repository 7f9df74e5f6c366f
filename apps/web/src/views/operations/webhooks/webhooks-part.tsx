import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { operationsKey } from '../../../api/operations.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Status } from '../../../parts/status.js';
import { type Column, Table } from '../../../parts/table.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { CreateWebhook } from './create-webhook.js';
import { Deliveries } from './deliveries.js';

type Webhook = Schemas['WebhookView'];

const route = getRouteApi('/shell/operations');

const COLUMNS: readonly Column<Webhook>[] = [
  {
    title: 'Endpoint',
    cell: ({ webhookId, url }) => (
      <Link
        to="/operations"
        search={{ part: 'webhooks', webhook: webhookId }}
        className="break-all text-accent hover:underline"
      >
        {seen(url)}
      </Link>
    ),
  },
  { title: 'Events', cell: ({ events }) => events.join(', ') },
  { title: 'Of', cell: (webhook) => whatOf(webhook) },
  {
    title: 'State',
    cell: ({ status, disabledReason }) => (
      <>
        <Status status={status} /> {disabledReason === null ? null : seen(disabledReason)}
      </>
    ),
  },
  { title: 'Since', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { title: 'By', cell: ({ createdBy }) => seen(createdBy.id) },
];

const whatOf = ({ workflows, labels }: Webhook): string => {
  const named = [
    workflows?.join(', ') ?? 'all workflows',
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
  ];
  return seen(named.join('; '));
};

export function WebhooksPart(): ReactElement {
  const { webhook: chosen } = route.useSearch();
  const { data, error } = useQuery({
    queryKey: operationsKey('webhooks'),
    queryFn: async ({ signal }) => (await api().get('/v1/webhooks', { signal })).webhooks,
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  const webhook = data.find(({ webhookId }) => webhookId === chosen);
  return (
    <div className="space-y-3">
      <CreateWebhook />
      {data.length === 0 ? (
        <Nothing title="There is no webhook.">
          An endpoint of yours is told what happens in the log, signed, until it answers.
        </Nothing>
      ) : (
        <Table label="Webhooks" rows={data} columns={COLUMNS} keyOf={({ webhookId }) => webhookId} />
      )}
      {webhook === undefined ? null : <Deliveries webhook={webhook} />}
      {chosen !== undefined && webhook === undefined ? <Nothing title="This webhook is gone." /> : null}
    </div>
  );
}
