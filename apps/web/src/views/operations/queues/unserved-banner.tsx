import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { countOf } from '../../../parts/spans.js';
import { queuesQuery, workersQuery } from './queues-queries.js';
import { unservedQueues } from './unserved.js';

/** Says which queues wait for workers that are not there; for those who may look at queues. */
export function UnservedBanner(): ReactElement | null {
  const { data: session } = useQuery(sessionQuery);
  const isAsked = mayDo(session, 'operator', 'auditor');
  const { data: queues = [] } = useQuery({ ...queuesQuery, enabled: isAsked });
  const { data: workers = [] } = useQuery({ ...workersQuery, enabled: isAsked });
  const unserved = unservedQueues(queues, workers);
  if (unserved.length === 0) return null;
  return (
    <div role="alert" className="mb-3 rounded-md border border-warn bg-warn-soft p-3">
      {unserved.map(({ queue, kind, waiting }) => (
        <p key={queue}>
          {countOf(waiting)} {waiting === 1 ? 'task waits' : 'tasks wait'} in {queue}, and no worker of the kind {kind}{' '}
          lives. Start one.
        </p>
      ))}
    </div>
  );
}
