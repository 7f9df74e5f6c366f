import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../shell/root-route.js';
import { RunsSearch } from './runs-search.js';

export const runsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: RunsSearch,
  component: lazyRouteComponent(() => import('./runs-view.js'), 'RunsView'),
});
