import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../../api/api.js';

/** What was does not become different: it is asked for once, and no more when something happens to the run. */
const stateQuery = (runId: string, at: number) =>
  queryOptions({
    queryKey: ['state-of-run', runId, at],
    queryFn: ({ signal }) =>
      api().get('/v1/runs/{id}/state', { params: { path: { id: runId }, query: { at } }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });

const SETTLED_AFTER_MS = 120;

/** A value once it has not moved for a moment. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The state after an event and the one before it. A question that nobody waits for any more is called off. */
export function useStateAt(runId: string, at: number) {
  const after = useQuery({ ...stateQuery(runId, at), placeholderData: keepPreviousData });
  const isBeforeWanted = after.data !== undefined && !after.isPlaceholderData && after.data.at > 1;
  const before = useQuery({ ...stateQuery(runId, (after.data?.at ?? at) - 1), enabled: isBeforeWanted });
  return { after, before: isBeforeWanted ? before.data : undefined };
}
