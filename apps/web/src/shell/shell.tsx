import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { type ReactElement, useEffect, useState } from 'react';
import { followLog } from '../api/live.js';
import { sessionQuery } from '../api/session.js';
import { AccountMenu } from './account-menu.js';
import { ConnectionBadge } from './connection-badge.js';
import { Leaving } from './leaving.js';
import { usePlaceTitleOfAddress } from './place-title.js';
import { PLACES } from './places.js';
import { ShellKeys } from './shell-keys.js';
import { SignedOutBanner } from './signed-out-banner.js';
import { WaitingCount } from './waiting-count.js';

/** The views, for whoever is signed in; they are gone before the session is, and all that they ask for with them. */
export function Shell(): ReactElement {
  const [isLeaving, setLeaving] = useState(false);
  return isLeaving ? <Leaving onStay={() => setLeaving(false)} /> : <Frame onLeave={() => setLeaving(true)} />;
}

/** The frame of every view: where one can go, whether it is live, who is signed in. */
function Frame({ onLeave }: { readonly onLeave: () => void }): ReactElement {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const isSignedOut = session === null;
  useEffect(() => (isSignedOut ? undefined : followLog(queries)), [queries, isSignedOut]);
  usePlaceTitleOfAddress();
  return (
    <div className="flex min-h-screen flex-col">
      <a
        href="#view"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded focus:bg-surface focus:p-2"
      >
        Skip to the view
      </a>
      <header
        data-print="no"
        className="sticky top-0 z-20 flex h-12 items-center gap-1 border-b border-line bg-surface px-3"
      >
        <Link to="/" className="mr-2 font-semibold">
          Baton
        </Link>
        <nav aria-label="Views" className="flex min-w-0 flex-1 gap-1 overflow-x-auto">
          {PLACES.map(({ to, title }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              className="rounded px-2 py-1 whitespace-nowrap text-quiet hover:bg-raised hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:text-ink"
            >
              {title}
              {to === '/approvals' ? <WaitingCount /> : null}
            </Link>
          ))}
        </nav>
        <ShellKeys />
        <ConnectionBadge />
        <AccountMenu onLeave={onLeave} />
      </header>
      {isSignedOut ? <SignedOutBanner /> : null}
      <main id="view" tabIndex={-1} className="flex-1 p-4 outline-none">
        <Outlet />
      </main>
    </div>
  );
}
