import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/api.js';

export const workflowsQuery = queryOptions({
  queryKey: ['workflows'],
  queryFn: ({ signal }) => api().get('/v1/workflows', { signal }),
});

export const workflowQuery = (ref: string) =>
  queryOptions({
    queryKey: ['workflow', ref],
    queryFn: ({ signal }) => api().get('/v1/workflows/{ref}', { params: { path: { ref } }, signal }),
  });

/** The gateway gives so many at once; what is said of recent runs is said of these. */
export const RECENT = 100;

export const recentRunsQuery = (workflow: string) =>
  queryOptions({
    queryKey: ['live', 'recent-runs', workflow],
    queryFn: ({ signal }) => api().get('/v1/runs', { params: { query: { workflow, limit: RECENT } }, signal }),
  });
