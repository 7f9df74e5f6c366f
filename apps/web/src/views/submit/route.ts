import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../shell/root-route.js';

export const submitRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/submit',
  component: lazyRouteComponent(() => import('./submit-view.js'), 'SubmitView'),
});
