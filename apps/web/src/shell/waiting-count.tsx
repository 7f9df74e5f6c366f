import type { ReactElement } from 'react';
import { useWaitingCount } from '../api/waiting-count.js';

/** How much waits for an answer, beside the place where it is given. */
export function WaitingCount(): ReactElement | null {
  const count = useWaitingCount();
  if (count === null || count === '0') return null;
  return (
    <span className="ml-1.5 rounded bg-warn-soft px-1.5 text-xs font-medium text-warn">
      {count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
