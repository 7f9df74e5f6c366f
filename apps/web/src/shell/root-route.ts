import { createRootRoute, createRoute, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.js';
import { LostView } from './lost-view.js';
import { queries } from './queries.js';
import { Shell } from './shell.js';

export const rootRoute = createRootRoute({ notFoundComponent: LostView });

/** All that is shown to somebody who is signed in. Whoever is not comes back to where they wanted to go. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: '/sign-in', search: { to: location.href } });
    return { session };
  },
});
