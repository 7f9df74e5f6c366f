import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { lazily } from '../../parts/lazily.js';
import { shellRoute } from '../../shell/root-route.js';

const ApprovalsSearch = z.object({
  /** Those that were answered, in place of those that wait. */
  show: z.literal('answered').optional().catch(undefined),
  /** The one that is looked at. */
  id: z.string().max(100).optional().catch(undefined),
});

export const approvalsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals',
  validateSearch: ApprovalsSearch,
  component: lazily(() => import('./approvals-view.js').then(({ ApprovalsView }) => ApprovalsView)),
});
