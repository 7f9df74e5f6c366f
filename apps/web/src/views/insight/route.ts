import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../shell/root-route.js';

export const insightRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/insight',
  component: lazyRouteComponent(() => import('./insight-view.js'), 'InsightView'),
});
