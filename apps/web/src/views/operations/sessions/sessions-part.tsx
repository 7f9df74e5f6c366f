import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { operationsKey } from '../../../api/operations.js';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Confirm } from '../../../parts/confirm.js';
import { More } from '../../../parts/pages.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { type Column, Table } from '../../../parts/table.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';

type SignedIn = Schemas['SignedIn'];

const whoIs = ({ actor }: SignedIn): string => (actor === null ? 'not known' : seen(actor.id));

const COLUMNS: readonly Column<SignedIn>[] = [
  { title: 'Who', cell: (session) => whoIs(session) },
  {
    title: 'By',
    cell: ({ actor }) => (actor === null ? '' : actor.type === 'apikey' ? 'a key' : (actor.via ?? actor.type)),
  },
  { title: 'Since', cell: ({ beganAt }) => <Time at={beganAt} /> },
  { title: 'Last used', cell: ({ usedAt }) => <Time at={usedAt} /> },
  { title: 'Ends', cell: ({ endsAt }) => <Time at={endsAt} /> },
];

/** Browsers that are signed in: one's own, and for an admin those of everybody. */
export function SessionsPart(): ReactElement {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: operationsKey('sessions'),
    queryFn: ({ pageParam, signal }) =>
      api().get('/v1/auth/sessions', { params: { query: pageParam === null ? {} : { cursor: pageParam } }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  const ending: Column<SignedIn> = {
    title: 'Do',
    cell: (each) =>
      each.isThis ? (
        <span className="text-quiet">this browser</span>
      ) : (
        <Confirm
          label="End"
          kind="danger"
          title={`End the session of ${whoIs(each)}?`}
          act={async () => {
            await api().delete('/v1/auth/sessions/{id}', { params: { path: { id: each.sessionId } } });
            return undefined;
          }}
          onDone={() => void queries.invalidateQueries({ queryKey: operationsKey('sessions') })}
        >
          That browser is signed out at once. Whoever has the key can sign in again: to end that, revoke it.
        </Confirm>
      ),
  };
  return (
    <div className="space-y-3">
      <p className="text-quiet">
        {mayDo(session) ? 'Browsers that are signed in.' : 'Browsers in which you are signed in.'} A session ends twelve
        hours after it was used last, and with its key or token.
      </p>
      <Table
        label="Sessions"
        rows={data.pages.flatMap(({ sessions }) => sessions)}
        columns={[...COLUMNS, ending]}
        keyOf={({ sessionId }) => sessionId}
      />
      <More hasMore={hasNextPage} isLoading={isFetchingNextPage} onMore={() => void fetchNextPage()} />
    </div>
  );
}
