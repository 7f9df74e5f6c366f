import { queryOptions } from '@tanstack/react-query';
import { api, type Schemas } from '../../api/api.js';
import { draftOf, forkedFrom } from './draft.js';

export const workflowsQuery = queryOptions({
  queryKey: ['workflows'],
  queryFn: ({ signal }) => api().get('/v1/workflows', { signal }),
});

/** @param ref the name, or `name@version` */
export const workflowQuery = (ref: string) =>
  queryOptions({
    queryKey: ['workflows', ref],
    queryFn: ({ signal }) => api().get('/v1/workflows/{ref}', { params: { path: { ref } }, signal }),
  });

/** More forks of forks than this nobody makes by hand. */
const MOST_FORKS = 100;

/** What a run was submitted with, by its first event, which never changes; for a fork, the run that it goes back to. */
export const submissionQuery = (runId: string) =>
  queryOptions({
    queryKey: ['submission', runId],
    queryFn: async ({ signal }) => {
      let id: string | null = runId;
      for (let forks = 0; forks < MOST_FORKS && id !== null; forks += 1) {
        const params: { path: { id: string }; query: { limit: number } } = { path: { id }, query: { limit: 1 } };
        const answer: Schemas['EventList'] = await api().get('/v1/runs/{id}/events', { params, signal });
        const [first] = answer.events;
        if (first === undefined) return null;
        id = forkedFrom(first);
        if (id === null) return draftOf(first);
      }
      return null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export const lineagesQuery = queryOptions({
  queryKey: ['live', 'lineages', 'all'],
  queryFn: ({ signal }) => api().get('/v1/lineages', { params: { query: { limit: 200 } }, signal }),
});

export type Listed = Schemas['WorkflowSummary'];

/** The workflows that can be run, each with its versions, the newest first. */
export function byName(workflows: readonly Listed[]): ReadonlyMap<string, readonly Listed[]> {
  const found = new Map<string, Listed[]>();
  for (const each of workflows) {
    if (each.problem !== null) continue;
    found.set(each.name, [...(found.get(each.name) ?? []), each]);
  }
  return found;
}
