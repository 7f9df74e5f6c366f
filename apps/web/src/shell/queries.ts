import { GatewayRefused } from '@baton/client';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { isSignedOut, sessionQuery } from '../api/session.js';

const MOST_TRIES = 3;

/** What was refused will be refused again; what did not come may come. */
const isWorthAnother = (failures: number, error: unknown): boolean =>
  !(error instanceof GatewayRefused && error.status < 500) && failures < MOST_TRIES;

/** Data is fresh until the log says otherwise (api/live.ts), so nothing is asked for again only because time went by. */
export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (isSignedOut(error)) queries.setQueryData(sessionQuery.queryKey, null);
    },
  }),
  defaultOptions: {
    queries: { staleTime: 30_000, gcTime: 120_000, retry: isWorthAnother, refetchOnWindowFocus: false },
  },
});
