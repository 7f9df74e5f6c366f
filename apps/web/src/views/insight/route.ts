import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { lazily } from '../../parts/lazily.js';
import { shellRoute } from '../../shell/root-route.js';
import { INSIGHT_PARTS } from './insight-parts.js';

const InsightSearch = z.object({
  part: z.enum(INSIGHT_PARTS).optional().catch(undefined),
  /** Days where the reader is, or of UTC where times are shown so, as 2026-03-31. */
  since: z.string().optional().catch(undefined),
  until: z.string().optional().catch(undefined),
  workflow: z.string().optional().catch(undefined),
  /** Which decisions are listed: by who decided, or by what became of the advice. */
  only: z.string().max(50).optional().catch(undefined),
});

export const insightRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/insight',
  validateSearch: InsightSearch,
  component: lazily(() => import('./insight-view.js').then(({ InsightView }) => InsightView)),
});
