import { createRootRoute, createRoute, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.js';
import { LostView } from './lost-view.js';
import { queries } from './queries.js';
import { Shell } from './shell.js';

export const rootRoute = createRootRoute({ notFoundComponent: LostView });

/** The path of the view that is shown; null while none is. */
let shown: string | null = null;

/**
 * All that is shown to somebody who is signed in. Whoever is not comes back to where they wanted to go; but a view that is
 * open already stays when its session ends, whatever is chosen within it: somebody may be writing there.
 */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location, preload }) => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (session === null && location.pathname !== shown)
      throw redirect({ to: '/sign-in', search: { to: location.href } });
    if (!preload) shown = location.pathname;
    return { session };
  },
  onLeave: () => {
    shown = null;
  },
});
