import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { lazily } from '../../parts/lazily.js';
import { shellRoute } from '../../shell/root-route.js';
import { WORKFLOW_TABS } from './workflow-tabs.js';

const WorkflowsSearch = z.object({ q: z.string().optional().catch(undefined) });

export const workflowsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/workflows',
  validateSearch: WorkflowsSearch,
  component: lazily(() => import('./workflows-view.js').then(({ WorkflowsView }) => WorkflowsView)),
});

const WorkflowSearch = z.object({
  tab: z.enum(WORKFLOW_TABS).optional().catch(undefined),
  /** State whose definition is looked at. */
  state: z.string().optional().catch(undefined),
  /** Version that this one is compared with. */
  with: z.string().optional().catch(undefined),
  isSplit: z.boolean().optional().catch(undefined),
});

/** One workflow: by its name, or by its name and version (`name@version`). */
export const workflowRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/workflows/$ref',
  validateSearch: WorkflowSearch,
  component: lazily(() => import('./workflow-view.js').then(({ WorkflowView }) => WorkflowView)),
});

/** Beside `/workflows`, and not below it: there any name is that of a workflow. */
export const editWorkflowRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/edit-workflow',
  validateSearch: z.object({ from: z.string().optional().catch(undefined) }),
  component: lazily(() => import('./edit/edit-workflow-view.js').then(({ EditWorkflowView }) => EditWorkflowView)),
});
