import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { lazily } from '../../parts/lazily.js';
import { shellRoute } from '../../shell/root-route.js';
import { CODE_PARTS } from './code/code-parts.js';
import { LENSES } from './events/lens.js';
import { RUN_TABS } from './run-tabs.js';

const RunSearch = z.object({
  tab: z.enum(RUN_TABS).optional().catch(undefined),
  /** Version of an event: the one that is looked at. */
  event: z.int().positive().optional().catch(undefined),
  /** State of the workflow that is looked at. */
  state: z.string().optional().catch(undefined),
  /** How the log is read. */
  lens: z.enum(LENSES).optional().catch(undefined),
  /** Only events of this type, and with this text. */
  type: z.string().optional().catch(undefined),
  find: z.string().optional().catch(undefined),
  /** What is shown of the event that is looked at. */
  beside: z.enum(['event', 'state']).optional().catch(undefined),
  /** Of plan and code: which part, which version or round of it, and what that is compared with. */
  look: z.enum(CODE_PARTS).optional().catch(undefined),
  made: z.string().max(100).optional().catch(undefined),
  with: z.string().optional().catch(undefined),
  isSplit: z.boolean().optional().catch(undefined),
  /** The file that is looked at, and the only ones that are listed: those with this in their path. */
  file: z.string().max(2_000).optional().catch(undefined),
  paths: z.string().max(200).optional().catch(undefined),
  /** The command whose model calls are shown. */
  task: z.string().max(200).optional().catch(undefined),
});

export const runRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/runs/$runId',
  validateSearch: RunSearch,
  component: lazily(() => import('./run-view.js').then(({ RunView }) => RunView)),
});
