import { createRouter } from '@tanstack/react-router';
import { Skeleton } from './parts/skeleton.js';
import { Problem } from './shell/problem.js';
import { rootRoute, shellRoute } from './shell/root-route.js';
import { approvalsRoute } from './views/approvals/route.js';
import { foresightRoute } from './views/foresight/route.js';
import { insightRoute } from './views/insight/route.js';
import { operationsRoute } from './views/operations/route.js';
import { recommendationsRoute } from './views/recommendations/route.js';
import { runRoute } from './views/run/route.js';
import { runsRoute } from './views/runs/route.js';
import { signInRoute } from './views/sign-in/route.js';
import { submitRoute } from './views/submit/route.js';
import { editWorkflowRoute, workflowRoute, workflowsRoute } from './views/workflows/route.js';

/** One folder of views/ for each: its route, its parts and its tests. What a view alone needs is loaded with it. */
const tree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    runsRoute,
    runRoute,
    approvalsRoute,
    submitRoute,
    workflowsRoute,
    workflowRoute,
    editWorkflowRoute,
    insightRoute,
    recommendationsRoute,
    foresightRoute,
    operationsRoute,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  // Queries decide what is fresh.
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: Problem,
  // Never a blank page, also while the gateway is asked who is signed in.
  defaultPendingComponent: Skeleton,
  defaultPendingMs: 200,
  defaultPendingMinMs: 0,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
