import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/api.js';

/** What is known of a run now; asked for again whenever something happens to it. */
export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: ['run', runId, 'detail'],
    queryFn: ({ signal }) => api().get('/v1/runs/{id}', { params: { path: { id: runId } }, signal }),
  });
