import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Schemas } from '../../api/api.js';
import { type Gathered, gather } from './gather.js';
import type { Range } from './range.js';

const PAGE = 100;

interface Asked extends Range {
  readonly workflow?: string | undefined;
}

const filterOf = ({ workflow }: Asked, cursor: string | null): Record<string, string | number> & { limit: number } => ({
  limit: PAGE,
  ...(workflow === undefined ? {} : { workflow }),
  ...(cursor === null ? {} : { cursor }),
});

export const runsQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['insight', 'runs', asked],
    queryFn: ({ signal }): Promise<Gathered<Schemas['RunSummary']>> =>
      gather(
        async (cursor) => {
          const { runs, next } = await api().get('/v1/runs', { params: { query: filterOf(asked, cursor) }, signal });
          return { items: runs, next };
        },
        ({ startedAt }) => startedAt,
        asked,
      ),
    placeholderData: keepPreviousData,
  });

export const decisionsQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['insight', 'decisions', asked],
    queryFn: ({ signal }): Promise<Gathered<Schemas['DecisionView']>> =>
      gather(
        async (cursor) => {
          const query = { ...filterOf(asked, cursor), since: asked.since };
          const { decisions, next } = await api().get('/v1/decisions', { params: { query }, signal });
          return { items: decisions, next };
        },
        ({ decidedAt }) => decidedAt,
        asked,
      ),
    placeholderData: keepPreviousData,
  });
