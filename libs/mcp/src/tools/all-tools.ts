import type { Tool } from '../tool.js';
import { approvalTools } from './approvals.js';
import { foresightTools } from './foresight.js';
import { goalTools } from './goals.js';
import { lookingTools } from './look.js';
import { ratingTools } from './rate.js';
import { scheduleTools } from './schedules.js';
import { steeringTools } from './steer.js';
import { submittingTools } from './submit.js';
import { taskTools } from './tasks.js';
import { workTools } from './work.js';
import { workflowTools } from './workflows.js';

/** Everything that there is, in the order in which a model reads it. */
export const ALL_TOOLS: readonly Tool[] = [
  ...submittingTools,
  ...goalTools,
  ...lookingTools,
  ...workTools,
  ...steeringTools,
  ...taskTools,
  ...ratingTools,
  ...approvalTools,
  ...workflowTools,
  ...foresightTools,
  ...scheduleTools,
];
