import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useUnserved } from '../api/operations.js';
import { countOf } from '../parts/spans.js';

/** Says in every view which queues wait for workers that are not there. */
export function UnservedBanner(): ReactElement | null {
  const unserved = useUnserved();
  if (unserved.length === 0) return null;
  return (
    <section
      aria-label="Queues that nobody works on"
      data-print="no"
      className="flex flex-wrap gap-x-3 border-b border-line bg-warn-soft px-4 py-2"
    >
      <div role="status">
        {unserved.map(({ queue, kind, waiting }) => (
          <p key={queue}>
            {countOf(waiting)} {waiting === 1 ? 'task waits' : 'tasks wait'} in {queue}, and no worker of the kind{' '}
            {kind} lives. Start one.
          </p>
        ))}
      </div>
      <Link to="/operations" search={{ part: 'workers' }} className="text-accent underline">
        See the workers
      </Link>
    </section>
  );
}
