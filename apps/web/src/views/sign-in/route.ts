import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { lazily } from '../../parts/lazily.js';
import { rootRoute } from '../../shell/root-route.js';

const SignInSearch = z.object({
  /** Where in the dashboard somebody wanted to go; an address of another place is none. */
  to: z
    .string()
    .regex(/^\/(?![/\\])/)
    .optional()
    .catch(undefined),
});

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: SignInSearch,
  component: lazily(() => import('./sign-in-view.js').then(({ SignInView }) => SignInView)),
});
