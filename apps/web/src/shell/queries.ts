import { GatewayRefused } from '@baton/client';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isSignedOut, sessionQuery } from '../api/session.js';

const MOST_TRIES = 3;
const TOO_MANY_REQUESTS = 429;

/** What was refused will be refused again; what did not come may come, and what came too often may come later. */
const isWorthAnother = (failures: number, error: unknown): boolean =>
  !(error instanceof GatewayRefused && error.status < 500 && error.status !== TOO_MANY_REQUESTS) &&
  failures < MOST_TRIES;

/** A machine that says that it has no network has a Baton of its own all the same: nothing is held back for that. */
const NETWORK = 'always';

const endSession = (error: unknown): void => {
  if (isSignedOut(error)) queries.setQueryData(sessionQuery.queryKey, null);
};

/** Data is fresh until the log says otherwise (api/live.ts), so nothing is asked for again only because time went by. */
export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: endSession }),
  mutationCache: new MutationCache({ onError: endSession }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 120_000,
      retry: isWorthAnother,
      refetchOnWindowFocus: false,
      networkMode: NETWORK,
    },
    mutations: { networkMode: NETWORK },
  },
});
