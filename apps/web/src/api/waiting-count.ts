import { useQuery } from '@tanstack/react-query';
import { api } from './api.js';
import { mayDo, sessionQuery } from './session.js';

const MOST_COUNTED = 99;

/**
 * How many questions wait for whoever is signed in: those that they may answer, and have not; `99+` where there are more than
 * that. Null while nobody knows, and for a role that may not answer.
 */
export function useWaitingCount(): string | null {
  const { data: session } = useQuery(sessionQuery);
  const { data } = useQuery({
    queryKey: ['live', 'approvals', 'waiting'],
    queryFn: ({ signal }) =>
      api().get('/v1/approvals', { params: { query: { waitingFor: 'me', limit: MOST_COUNTED } }, signal }),
    enabled: mayDo(session, 'approver'),
  });
  return data === undefined ? null : `${data.approvals.length}${data.next === null ? '' : '+'}`;
}
