import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Confirm } from '../../../parts/confirm.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Status } from '../../../parts/status.js';
import { type Column, Table } from '../../../parts/table.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { messagesQuery, RULES } from './rule-queries.js';

const route = getRouteApi('/shell/operations');

type Message = Schemas['NotificationMessage'];

/** What people were told by a rule, what could not be delivered, and what may be done about it. */
export function Messages({ name }: { readonly name: string }): ReactElement {
  const queries = useQueryClient();
  const { data, error } = useQuery(messagesQuery(name));
  const again = (): void => void queries.invalidateQueries({ queryKey: RULES });
  const navigate = route.useNavigate();
  /** What is gone is not asked for any more. */
  const leave = async (): Promise<void> => {
    await navigate({ search: { part: 'rules' } });
    await queries.invalidateQueries({ queryKey: RULES, exact: true });
  };
  const path = { name };
  const columns: readonly Column<Message>[] = [
    { title: 'Tells of', cell: ({ types }) => types.join(', ') },
    {
      title: 'Runs',
      cell: ({ runIds }) =>
        runIds.map((runId) => (
          <Link key={runId} to="/runs/$runId" params={{ runId }} className="mr-2 text-accent hover:underline">
            {runId.slice(0, 8)}
          </Link>
        )),
    },
    { title: 'State', cell: ({ status }) => <Status status={status} /> },
    { title: 'Tries', isNumber: true, cell: ({ attempts }) => attempts },
    { title: 'Last answer', cell: ({ error: said }) => seen(said ?? '') },
    { title: 'When', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      title: 'Again',
      cell: ({ messageId, status }) =>
        status === 'delivered' ? null : (
          <Confirm
            label="Send again"
            title="Send this message again?"
            act={async (key) => {
              await api().post('/v1/notification-rules/{name}/messages/{messageId}/retry', {
                params: { path: { name, messageId }, header: { 'Idempotency-Key': key } },
              });
              return 'It is sent again.';
            }}
            onDone={again}
          >
            Whoever it is for is told now, and not only at the next try.
          </Confirm>
        ),
    },
  ];
  return (
    <section aria-label={`Messages of ${name}`} className="space-y-2">
      <header className="flex flex-wrap items-center gap-2">
        <h2 className="flex-1 font-semibold">Messages of {name}</h2>
        <Confirm
          label="Test"
          title="Send a test?"
          act={async () => {
            await api().post('/v1/notification-rules/{name}/test', { params: { path } });
            return 'A test is on its way: it is the first of the messages.';
          }}
          onDone={again}
        >
          Whoever this rule tells is told that it works.
        </Confirm>
        <Confirm
          label="Delete"
          kind="danger"
          title="Delete this rule?"
          act={async () => {
            await api().delete('/v1/notification-rules/{name}', { params: { path } });
            return undefined;
          }}
          onDone={() => void leave()}
        >
          Nobody is told by it any more, also not of what waits to be sent.
        </Confirm>
      </header>
      {error === null ? null : <Problem error={error} />}
      {data === undefined && error === null ? <Skeleton /> : null}
      {data?.length === 0 ? <Nothing title="Nobody was told of anything yet." /> : null}
      {data === undefined || data.length === 0 ? null : (
        <Table label="Messages" rows={data} columns={columns} keyOf={({ messageId }) => messageId} />
      )}
    </section>
  );
}
