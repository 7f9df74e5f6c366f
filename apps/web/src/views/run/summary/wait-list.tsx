import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { agoOf } from '../../../parts/spans.js';
import { useNow } from '../../../parts/time.js';
import type { TabProps } from '../run-tabs.js';
import { type Wait, waitsOf } from './waits.js';

const FIRST = 3;

/** What keeps the run from going on, each with the way to it. */
export function WaitList({ run }: TabProps): ReactElement | null {
  const nowMs = useNow();
  if (run.endedAt !== null) return null;
  const waits = waitsOf(run, nowMs);
  if (waits.length === 0) return null;
  return (
    <ul aria-label="What it waits for" className="space-y-0.5">
      {waits.slice(0, FIRST).map((wait) => (
        <li key={wait.key} className={`break-words ${wait.isStuck ? 'text-bad' : 'text-warn'}`}>
          {seen(wait.text)}
          {wait.at === undefined ? '' : ` ${agoOf(Date.parse(wait.at), nowMs)}`} <WayTo wait={wait} />
        </li>
      ))}
      {waits.length > FIRST ? <li className="text-quiet">and {waits.length - FIRST} more</li> : null}
    </ul>
  );
}

const LINK = 'text-accent underline';

function WayTo({ wait: { to } }: { readonly wait: Wait }): ReactElement | null {
  switch (to?.is) {
    case 'approval':
      return (
        <Link to="/approvals" search={{ id: to.id }} className={LINK}>
          Open the question
        </Link>
      );
    case 'run':
      return (
        <Link to="/runs/$runId" params={{ runId: to.id }} className={LINK}>
          Open the run
        </Link>
      );
    case 'dead-letters':
    case 'workers':
      return (
        <Link to="/operations" className={LINK}>
          {to.is === 'workers' ? 'See the workers' : 'See the dead letters'}
        </Link>
      );
    default:
      return null;
  }
}
