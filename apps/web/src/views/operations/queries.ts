import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../../api/api.js';

export const queuesQuery = queryOptions({
  queryKey: ['live', 'queues'],
  queryFn: () => api().get('/v1/queues'),
});

export const workersQuery = queryOptions({
  queryKey: ['live', 'workers'],
  queryFn: () => api().get('/v1/workers'),
});

export type DeadLetterStatus = 'open' | 'requeued' | 'all';

export const deadLettersQuery = (status: DeadLetterStatus) =>
  queryOptions({
    queryKey: ['live', 'dead-letters', status],
    queryFn: () => api().get('/v1/dead-letters', { params: { query: { status, limit: 100 } } }),
    placeholderData: keepPreviousData,
  });

export const webhooksQuery = queryOptions({ queryKey: ['webhooks'], queryFn: () => api().get('/v1/webhooks') });

export const deliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['live', 'deliveries', id],
    queryFn: () => api().get('/v1/webhooks/{id}/deliveries', { params: { path: { id }, query: { limit: 50 } } }),
  });

export const keysQuery = queryOptions({ queryKey: ['keys'], queryFn: () => api().get('/v1/auth/keys') });

export const erasuresQuery = queryOptions({
  queryKey: ['erasures'],
  queryFn: () => api().get('/v1/personal/erasures'),
});

export const checkpointQuery = queryOptions({
  queryKey: ['checkpoint'],
  queryFn: () => api().get('/v1/audit/checkpoint'),
});

export const archiveQuery = queryOptions({
  queryKey: ['archive'],
  queryFn: () => api().get('/v1/archive', { params: { query: { limit: 50 } } }),
});
