import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Schemas } from '../../api/api.js';
import { nameOfZone } from '../../parts/days.js';
import { type Gathered, gather } from './gather.js';
import type { filterOf } from './only.js';
import { instantsOf, type Range } from './range.js';

const PAGE = 100;

export interface Asked {
  readonly range: Range;
  readonly workflow: string | undefined;
}

/** As the gateway is asked, of whatever. */
export const withinOf = ({ range, workflow }: Asked) => ({
  ...instantsOf(range),
  ...(workflow === undefined ? {} : { workflow }),
});

export const usageQuery = (by: Schemas['UsageReport']['by'], asked: Asked) =>
  queryOptions({
    queryKey: ['insight', 'usage', by, asked],
    queryFn: ({ signal }) =>
      api().get('/v1/usage', {
        params: { query: { by, ...withinOf(asked), timeZone: nameOfZone(asked.range.zone) } },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

/** @param filter what of them the gateway is to look for */
export const decisionsQuery = (asked: Asked, filter: ReturnType<typeof filterOf> = {}) =>
  queryOptions({
    queryKey: ['insight', 'decisions', asked, filter],
    queryFn: ({ signal }): Promise<Gathered<Schemas['DecisionView']>> =>
      gather(async (cursor) => {
        const query = { ...withinOf(asked), ...filter, limit: PAGE, ...(cursor === null ? {} : { cursor }) };
        const { decisions, next } = await api().get('/v1/decisions', { params: { query }, signal });
        return { items: decisions, next };
      }),
    placeholderData: keepPreviousData,
  });
