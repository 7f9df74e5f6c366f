import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../shell/root-route.js';

export const workflowsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/workflows',
  component: lazyRouteComponent(() => import('./workflows-view.js'), 'WorkflowsView'),
});

/** One workflow: by its name, or by its name and version (`name@version`). */
export const workflowRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/workflows/$ref',
  component: lazyRouteComponent(() => import('./workflow-view.js'), 'WorkflowView'),
});
