import { queryOptions } from '@tanstack/react-query';
import { api } from '../../../api/api.js';

export const RULES = ['notification-rules'] as const;

/** No event of a run says that a mail went out: it is asked again as long as somebody looks. */
const AGAIN_MS = 10_000;

export const rulesQuery = queryOptions({
  queryKey: RULES,
  queryFn: async ({ signal }) => (await api().get('/v1/notification-rules', { signal })).rules,
});

export const messagesQuery = (name: string) =>
  queryOptions({
    queryKey: [...RULES, name],
    queryFn: async ({ signal }) =>
      (await api().get('/v1/notification-rules/{name}/messages', { params: { path: { name } }, signal })).messages,
    refetchInterval: AGAIN_MS,
  });
