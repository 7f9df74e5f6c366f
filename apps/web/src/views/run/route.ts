import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { shellRoute } from '../../shell/root-route.js';
import { RUN_TABS } from './run-tabs.js';

const RunSearch = z.object({
  tab: z.enum(RUN_TABS).optional().catch(undefined),
  /** Version of an event: the one that is looked at. */
  event: z.int().positive().optional().catch(undefined),
  /** State of the workflow that is looked at. */
  state: z.string().optional().catch(undefined),
});

export const runRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/runs/$runId',
  validateSearch: RunSearch,
  component: lazyRouteComponent(() => import('./run-view.js'), 'RunView'),
});
