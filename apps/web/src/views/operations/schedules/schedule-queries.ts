import { queryOptions } from '@tanstack/react-query';
import { api } from '../../../api/api.js';

export const SCHEDULES = ['schedules'] as const;

/** No event of a run says that a schedule was made, or when it is due next: it is asked again as long as somebody looks. */
const AGAIN_MS = 10_000;

export const schedulesQuery = queryOptions({
  queryKey: SCHEDULES,
  queryFn: async ({ signal }) => (await api().get('/v1/schedules', { signal })).schedules,
  refetchInterval: AGAIN_MS,
});

export const scheduleQuery = (name: string) =>
  queryOptions({
    queryKey: [...SCHEDULES, name],
    queryFn: ({ signal }) => api().get('/v1/schedules/{name}', { params: { path: { name } }, signal }),
    refetchInterval: AGAIN_MS,
  });
