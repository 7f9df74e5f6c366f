import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { lazily } from '../../parts/lazily.js';
import { shellRoute } from '../../shell/root-route.js';
import { RECOMMENDATION_PARTS } from './recommendation-parts.js';

const RecommendationSearch = z.object({
  part: z.enum(RECOMMENDATION_PARTS).optional().catch(undefined),
  workflow: z.string().optional().catch(undefined),
  runs: z.int().min(1).max(2_000).optional().catch(undefined),
});

export const recommendationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/recommendations',
  validateSearch: RecommendationSearch,
  component: lazily(() => import('./recommendations-view.js').then(({ RecommendationsView }) => RecommendationsView)),
});
