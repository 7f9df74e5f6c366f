import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api, type Schemas } from '../../api/api.js';
import type { Zone } from '../../parts/days.js';
import { useZone } from '../../preferences/preferences.js';
import { type FreshPage, mergedRuns, type Run } from './merged-runs.js';
import { queryOf, type RunsFilter } from './runs-search.js';

const PAGE = 50;

type Asked = RunsFilter & { readonly zone: Zone };

const ask = (
  { zone, ...filter }: Asked,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Schemas['RunList']> =>
  api().get('/v1/runs', {
    params: {
      query: { ...queryOf(filter, Date.now(), zone), limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
    },
    signal,
  });

/** A page that is asked for again whenever something happens. */
const useLivePage = (
  filter: Asked,
  cursor: string | undefined,
  isEnabled: boolean,
  /** As it was when the list was loaded, and when that was. */
  known?: readonly [page: Schemas['RunList'] | undefined, atMs: number],
) =>
  useQuery({
    queryKey: ['live', 'runs', filter, cursor ?? null],
    queryFn: ({ signal }) => ask(filter, cursor, signal),
    enabled: isEnabled,
    initialData: isEnabled ? known?.[0] : undefined,
    initialDataUpdatedAt: known?.[1] ?? 0,
    placeholderData: keepPreviousData,
  });

const freshOf = (page: Schemas['RunList'], after: Run | null): FreshPage => ({
  after,
  runs: page.runs,
  isLast: page.next === null,
});

/**
 * The runs that fit, page after page as far as somebody scrolled. Only two pages are kept up to date by themselves, the newest
 * and the one in sight: a list of a hundred thousand would else be asked for whole at each event.
 */
export function useRuns(given: RunsFilter) {
  const zone = useZone();
  const filter: Asked = { ...given, zone };
  const [pageInSight, setPageInSight] = useState(0);
  const loaded = useInfiniteQuery({
    queryKey: ['runs', filter],
    queryFn: ({ pageParam, signal }) => ask(filter, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const pages = loaded.data?.pages;
  const at = Math.min(pageInSight, (pages?.length ?? 1) - 1);
  const cursor = at > 0 ? pages?.[at - 1]?.next : undefined;
  const isKnown = pages !== undefined && !loaded.isPlaceholderData;
  const top = useLivePage(filter, undefined, isKnown, [pages?.[0], loaded.dataUpdatedAt]);
  const sight = useLivePage(filter, cursor ?? undefined, isKnown && cursor != null);

  const runs = useMemo(() => {
    const all = pages?.flatMap((page) => page.runs) ?? [];
    const fresh: FreshPage[] = [];
    if (top.data !== undefined && !top.isPlaceholderData) fresh.push(freshOf(top.data, null));
    const before = pages?.[at - 1]?.runs.at(-1);
    const isInSight = cursor != null && !sight.isPlaceholderData;
    if (isInSight && sight.data !== undefined && before !== undefined) fresh.push(freshOf(sight.data, before));
    return mergedRuns(all, fresh);
  }, [pages, at, cursor, top.data, top.isPlaceholderData, sight.data, sight.isPlaceholderData]);

  return {
    runs,
    isLoading: pages === undefined,
    isOld: loaded.isPlaceholderData,
    error: loaded.error ?? top.error,
    hasMore: loaded.hasNextPage,
    isLoadingMore: loaded.isFetchingNextPage,
    loadMore: loaded.fetchNextPage,
    /** Says which row is in sight. */
    look: (row: number): void => setPageInSight(Math.floor(row / PAGE)),
  };
}
