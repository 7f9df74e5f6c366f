import { type OperationsPart, type Unserved, unservedQueues } from '@baton/contracts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from './api.js';
import { mayDo, sessionQuery } from './session.js';

/** Of queries about what is no event of a run: they are asked again when the gateway says that it has changed (live.ts). */
export const operationsKey = (part: OperationsPart) => ['operations', part] as const;

export const queuesQuery = queryOptions({
  queryKey: operationsKey('queues'),
  queryFn: async ({ signal }) => (await api().get('/v1/queues', { signal })).queues,
});

export const workersQuery = queryOptions({
  queryKey: operationsKey('workers'),
  queryFn: async ({ signal }) => (await api().get('/v1/workers', { signal })).workers,
});

/** The queues that wait for workers that are not there; none for whoever may not look at queues. */
export function useUnserved(): readonly Unserved[] {
  const { data: session } = useQuery(sessionQuery);
  const isAsked = mayDo(session, 'operator', 'auditor');
  const { data: queues = [] } = useQuery({ ...queuesQuery, enabled: isAsked });
  const { data: workers = [] } = useQuery({ ...workersQuery, enabled: isAsked });
  return unservedQueues(queues, workers);
}
