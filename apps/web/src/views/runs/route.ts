import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { shellRoute } from '../../shell/root-route.js';

/** What stands in the address is what is shown; what is not understood there is left out. */
const RunsSearch = z.object({
  status: z.string().optional().catch(undefined),
  workflow: z.string().optional().catch(undefined),
  label: z.string().optional().catch(undefined),
});

export const runsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: RunsSearch,
  component: lazyRouteComponent(() => import('./runs-view.js'), 'RunsView'),
});
