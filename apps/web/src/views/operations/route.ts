import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { lazily } from '../../parts/lazily.js';
import { shellRoute } from '../../shell/root-route.js';
import { OPERATIONS_IDS } from './operations-parts.js';

const OperationsSearch = z.object({
  part: z.enum(OPERATIONS_IDS).optional().catch(undefined),
  /** Which dead letters. */
  letters: z.enum(['open', 'requeued', 'refused', 'all']).optional().catch(undefined),
  /** The webhook whose deliveries are looked at. */
  webhook: z.string().optional().catch(undefined),
  /** The schedule, and the rule of notifications, that is looked at. */
  schedule: z.string().optional().catch(undefined),
  rule: z.string().optional().catch(undefined),
  /** Of the log of access. */
  kind: z.string().optional().catch(undefined),
  actor: z.string().optional().catch(undefined),
});

export const operationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/operations',
  validateSearch: OperationsSearch,
  component: lazily(() => import('./operations-view.js').then(({ OperationsView }) => OperationsView)),
});
