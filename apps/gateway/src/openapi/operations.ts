import type { Operations } from './operation.js';
import { approvalOperations } from './operations/approvals.js';
import { decisionOperations } from './operations/decisions.js';
import { eventOperations } from './operations/events.js';
import { expectationOperations } from './operations/expectations.js';
import { hookOperations } from './operations/hooks.js';
import { notificationOperations } from './operations/notifications.js';
import { operatingOperations } from './operations/operating.js';
import { otherOperations } from './operations/others.js';
import { runOperations } from './operations/runs.js';
import { scheduleOperations } from './operations/schedules.js';
import { signInOperations } from './operations/sign-in.js';
import { taskTokenOperations } from './operations/task-tokens.js';
import { usageOperations } from './operations/usage.js';
import { workflowOperations } from './operations/workflows.js';
import { workspaceOperations } from './operations/workspaces.js';

/** Every route of the gateway. */
export const OPERATIONS: Operations = {
  ...runOperations,
  ...eventOperations,
  ...taskTokenOperations,
  ...approvalOperations,
  ...decisionOperations,
  ...usageOperations,
  ...expectationOperations,
  ...workflowOperations,
  ...workspaceOperations,
  ...operatingOperations,
  ...notificationOperations,
  ...scheduleOperations,
  ...hookOperations,
  ...signInOperations,
  ...otherOperations,
};
