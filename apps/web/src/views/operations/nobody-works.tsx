import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { mayDo, sessionQuery } from '../../api/session.js';
import { seen } from '../../parts/plain-text.js';
import { countOf } from '../../parts/spans.js';
import { idleQueues } from './idle-queues.js';
import { ROLES_OF_PART } from './operations-parts.js';
import { queuesQuery, workersQuery } from './queries.js';

/** Says where tasks wait and nobody works on them. Null where there is no such queue, or one may not know of it. */
export function NobodyWorks(): ReactElement | null {
  const { data: session } = useQuery(sessionQuery);
  const enabled = mayDo(session, ...ROLES_OF_PART.queues);
  const { data: queues } = useQuery({ ...queuesQuery, enabled });
  const { data: workers } = useQuery({ ...workersQuery, enabled });
  if (queues === undefined || workers === undefined) return null;
  const idle = idleQueues(queues.queues, workers.workers);
  if (idle.length === 0) return null;
  return (
    <div role="status" className="mb-3 rounded border border-warn bg-warn-soft px-3 py-2 text-warn">
      {idle.map(({ kind, waiting }) => (
        <p key={kind}>
          {countOf(waiting)} {waiting === 1 ? 'task waits' : 'tasks wait'} for a worker of the kind {seen(kind)}, and
          none is alive. Start one.
        </p>
      ))}
      <Link to="/operations" search={{ part: 'workers' }} className="underline">
        See who works
      </Link>
    </div>
  );
}
