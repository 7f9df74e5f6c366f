import type { Tool } from '../tool.js';
import { approvalTools } from './approvals.js';
import { lookingTools } from './look.js';
import { steeringTools } from './steer.js';
import { submittingTools } from './submit.js';
import { workTools } from './work.js';
import { workflowTools } from './workflows.js';

/** Everything that there is, in the order in which a model reads it. */
export const ALL_TOOLS: readonly Tool[] = [
  ...submittingTools,
  ...lookingTools,
  ...workTools,
  ...steeringTools,
  ...approvalTools,
  ...workflowTools,
];
