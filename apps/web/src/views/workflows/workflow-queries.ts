import { queryOptions } from '@tanstack/react-query';
import { api, type Schemas } from '../../api/api.js';

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

/** Versions have their runs one after the other, so more of them are looked at; not live, since it takes several questions. */
const PAGES = 5;

export const runsOfVersionsQuery = (workflow: string) =>
  queryOptions({
    queryKey: ['runs-of-versions', workflow],
    queryFn: async ({ signal }) => {
      const runs: Schemas['RunSummary'][] = [];
      let cursor: string | null = null;
      for (let page = 0; page < PAGES; page += 1) {
        const query: { workflow: string; limit: number; cursor?: string } = { workflow, limit: RECENT };
        if (cursor !== null) query.cursor = cursor;
        const answer: Schemas['RunList'] = await api().get('/v1/runs', { params: { query }, signal });
        runs.push(...answer.runs);
        cursor = answer.next;
        if (cursor === null) break;
      }
      return { runs, isAll: cursor === null };
    },
  });
