import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { api } from '../../../api/api.js';
import { operationsKey } from '../../../api/operations.js';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Select } from '../../../parts/field.js';
import { Nothing } from '../../../parts/nothing.js';
import { More } from '../../../parts/pages.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Problem } from '../../../shell/problem.js';
import { DeadLetter } from './dead-letter.js';

const route = getRouteApi('/shell/operations');

const STATES = [
  ['open', 'Put aside'],
  ['requeued', 'Taken up again'],
  ['refused', 'Answers nobody waited for'],
  ['all', 'All'],
] as const;

export function DeadLettersPart(): ReactElement {
  const { letters: status = 'open' } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [requeued, setRequeued] = useState<number | null>(null);
  const { data: session } = useQuery(sessionQuery);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [...operationsKey('dead-letters'), status],
    queryFn: ({ pageParam, signal }) =>
      api().get('/v1/dead-letters', {
        params: { query: { status, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  const shown = data?.pages.flatMap(({ deadLetters }) => deadLetters);
  const choose = (value: string): void => {
    const found = STATES.find(([id]) => id === value);
    if (found !== undefined) void navigate({ search: (before) => ({ ...before, letters: found[0] }) });
  };
  return (
    <div className="space-y-3">
      <div className="w-48">
        <Select label="Show" value={status} onChange={({ target }) => choose(target.value)}>
          {STATES.map(([id, title]) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </Select>
      </div>
      {requeued === null ? null : (
        <p role="status">
          Dead letter {requeued} goes back into its queue. If it cannot be digested this time either, there is a new
          one.
        </p>
      )}
      {shown === undefined ? <Skeleton /> : null}
      {shown?.length === 0 ? (
        <Nothing title="There is no such dead letter.">
          A message that nobody could digest, or that ended its worker several times, is put aside here with the reason.
        </Nothing>
      ) : null}
      {shown?.map((letter) => (
        <DeadLetter
          key={letter.id}
          letter={letter}
          mayRequeue={mayDo(session, 'operator')}
          onRequeued={() => {
            setRequeued(letter.id);
            void queries.invalidateQueries({ queryKey: operationsKey('dead-letters') });
          }}
        />
      ))}
      <More hasMore={hasNextPage} isLoading={isFetchingNextPage} onMore={() => void fetchNextPage()} />
    </div>
  );
}
