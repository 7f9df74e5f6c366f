import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../../api/api.js';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { isOffered, type May } from './action-rules.js';

/** What whoever is signed in may do. */
export function useMay(): May {
  const { data: session } = useQuery(sessionQuery);
  return (...roles) => mayDo(session, ...roles);
}

/** Whether a fork of the run is offered: whoever shows a `ForkDialog` asks this before. */
export function useMayFork({ status }: Pick<Schemas['RunDetail'], 'status'>): boolean {
  return isOffered('fork', status, useMay());
}
