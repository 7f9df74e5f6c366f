import { type QueryClient, queryOptions, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, type Schemas } from '../../api/api.js';

export type RunEvent = Schemas['EventView'];

/** All events of a run that are known here, in order from its first. */
export interface RunEvents {
  readonly events: readonly RunEvent[];
  /** Whether these are all that the gateway had when it was last asked. */
  readonly isWhole: boolean;
}

/** The most that the gateway gives at once. */
const PAGE = 1_000;

const keyOf = (runId: string) => ['run', runId, 'events'] as const;

/** A log only grows: what is there stays as it is, and what is behind it is asked for. One page a call, so that the first is seen at once. */
const runEventsQuery = (queries: QueryClient, runId: string) =>
  queryOptions({
    queryKey: keyOf(runId),
    queryFn: async ({ signal }): Promise<RunEvents> => {
      const known = queries.getQueryData<RunEvents>(keyOf(runId))?.events ?? [];
      const { events } = await api().get('/v1/runs/{id}/events', {
        params: { path: { id: runId }, query: { after: known.at(-1)?.version ?? 0, limit: PAGE } },
        signal,
      });
      return { events: events.length === 0 ? known : [...known, ...events], isWhole: events.length < PAGE };
    },
    structuralSharing: false,
  });

/**
 * The log of a run, page after page, and then as it grows. Where it is not `isEnabled`, what others have asked for of it is
 * given, and nothing is asked for.
 */
export function useRunEvents(runId: string, isEnabled = true) {
  const queries = useQueryClient();
  const query = useQuery({ ...runEventsQuery(queries, runId), enabled: isEnabled });
  const { data, refetch } = query;
  useEffect(() => {
    if (isEnabled && data?.isWhole === false) void refetch();
  }, [data, refetch, isEnabled]);
  return query;
}

/**
 * The logs of several runs, in their order; null where one is not known to its end.
 *
 * @param runIds may be none
 */
export function useEventsOfRuns(runIds: readonly string[]): readonly (readonly RunEvent[] | null)[] {
  const client = useQueryClient();
  const found = useQueries({ queries: runIds.map((runId) => runEventsQuery(client, runId)) });
  useEffect(() => {
    for (const { data, refetch, isFetching } of found) if (data?.isWhole === false && !isFetching) void refetch();
  });
  return found.map(({ data }) => (data?.isWhole === true ? data.events : null));
}
