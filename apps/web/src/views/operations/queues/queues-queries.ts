import { queryOptions } from '@tanstack/react-query';
import { api } from '../../../api/api.js';

export const queuesQuery = queryOptions({
  queryKey: ['live', 'queues'],
  queryFn: async ({ signal }) => (await api().get('/v1/queues', { signal })).queues,
});

export const workersQuery = queryOptions({
  queryKey: ['live', 'workers'],
  queryFn: async ({ signal }) => (await api().get('/v1/workers', { signal })).workers,
});
