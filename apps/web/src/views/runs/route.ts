import { createRoute } from '@tanstack/react-router';
import { lazily } from '../../parts/lazily.js';
import { shellRoute } from '../../shell/root-route.js';
import { RunsSearch } from './runs-search.js';

export const runsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: RunsSearch,
  component: lazily(() => import('./runs-view.js').then(({ RunsView }) => RunsView)),
});
