import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { lazily } from '../../parts/lazily.js';
import { shellRoute } from '../../shell/root-route.js';

const SubmitSearch = z.object({
  /** A name, or `name@version`. */
  workflow: z.string().max(200).optional().catch(undefined),
  /** A run that was submitted as this one shall be, but for what is changed. */
  from: z.string().max(100).optional().catch(undefined),
  /** The input as JSON in place of the form, or a goal in place of a workflow. */
  as: z.enum(['json', 'goal']).optional().catch(undefined),
});

export const submitRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/submit',
  validateSearch: SubmitSearch,
  component: lazily(() => import('./submit-view.js').then(({ SubmitView }) => SubmitView)),
});
