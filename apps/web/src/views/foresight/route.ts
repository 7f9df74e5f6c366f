import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { lazily } from '../../parts/lazily.js';
import { shellRoute } from '../../shell/root-route.js';

const ForesightSearch = z.object({ workflow: z.string().optional().catch(undefined) });

export const foresightRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/foresight',
  validateSearch: ForesightSearch,
  component: lazily(() => import('./foresight-view.js').then(({ ForesightView }) => ForesightView)),
});
