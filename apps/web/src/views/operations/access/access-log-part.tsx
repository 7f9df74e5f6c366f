import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { FormEvent, ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { TextField } from '../../../parts/field.js';
import { Nothing } from '../../../parts/nothing.js';
import { More } from '../../../parts/pages.js';
import { seen } from '../../../parts/plain-text.js';
import { Refused } from '../../../parts/refused.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { countOf } from '../../../parts/spans.js';
import { type Column, Table } from '../../../parts/table.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';

type Entry = Schemas['AccessLog']['entries'][number];

const route = getRouteApi('/shell/operations');

const COLUMNS: readonly Column<Entry>[] = [
  { title: 'No.', isNumber: true, cell: ({ position }) => position },
  { title: 'When', cell: ({ at }) => <Time at={at} /> },
  { title: 'What', cell: ({ kind, count }) => (count === 1 ? kind : `${kind} × ${countOf(count)}`) },
  { title: 'Who', cell: ({ actor }) => (actor === null ? 'nobody known' : seen(`${actor.type}:${actor.id}`)) },
  { title: 'From', cell: ({ address }) => address ?? '' },
  { title: 'Asked', cell: ({ route: asked, code }) => [asked, code].filter(Boolean).join(' → ') },
  { title: 'About', cell: ({ about }) => <span className="break-all">{seen(about ?? '')}</span> },
];

/** Who asked for what changes something, and who was refused: a chain that can be checked. */
export function AccessLogPart(): ReactElement {
  const { kind, actor } = route.useSearch();
  const navigate = route.useNavigate();
  const check = useMutation({ mutationFn: () => api().get('/v1/auth/log/verify', { timeoutMs: 120_000 }) });
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['access-log', kind, actor],
    queryFn: ({ pageParam, signal }) =>
      api().get('/v1/auth/log', {
        params: {
          query: {
            ...(kind === undefined ? {} : { kind }),
            ...(actor === undefined ? {} : { actor }),
            ...(pageParam === null ? {} : { cursor: pageParam }),
          },
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  const filter = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const of = (name: string): string | undefined => String(form.get(name) ?? '').trim() || undefined;
    void navigate({ search: (before) => ({ ...before, kind: of('kind'), actor: of('actor') }) });
  };
  const entries = data?.pages.flatMap((page) => page.entries);
  return (
    <div className="space-y-3">
      <form onSubmit={filter} className="flex flex-wrap items-end gap-3" data-print="no">
        <TextField label="What" name="kind" defaultValue={kind ?? ''} placeholder="asked, refused, …" />
        <TextField label="Who" name="actor" defaultValue={actor ?? ''} placeholder="apikey:ci" />
        <Button type="submit">Filter</Button>
        <span className="flex-1" />
        <Button disabled={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? 'Verifying …' : 'Verify the chain'}
        </Button>
      </form>
      {check.data === undefined ? null : (
        <p role="status" className={check.data.verified ? 'text-good' : 'text-bad'}>
          {check.data.verified
            ? `Verified: ${countOf(check.data.entries)} entries, each bound to the one before.`
            : `Not verified: ${check.data.problem}`}
        </p>
      )}
      <Refused error={check.error} />
      {error === null ? null : <Problem error={error} />}
      {entries === undefined && error === null ? <Skeleton /> : null}
      {entries?.length === 0 ? <Nothing title="No entry is like that." /> : null}
      {entries === undefined || entries.length === 0 ? null : (
        <Table label="Log of access" rows={entries} columns={COLUMNS} keyOf={({ position }) => position} />
      )}
      <More hasMore={hasNextPage} isLoading={isFetchingNextPage} onMore={() => void fetchNextPage()} />
    </div>
  );
}
