import { Actor, ApprovalAnswer, ApprovalPolicy, Approver, CommandId, HandIn, RequestId, Role } from '@baton/contracts';
import { z } from 'zod';
import { GivenApproval } from '../approvals/approval.js';
import { define, Instant, Visit } from './define.js';

/** What TaskScheduled says of an approval that has a policy. */
export const ApprovalAsked = z.object({
  policy: ApprovalPolicy,
  remindAt: Instant.nullable(),
  escalateAt: Instant.nullable(),
});

const answer = {
  visit: Visit,
  commandId: CommandId,
  comment: z.string(),
  by: Actor,
  requestId: RequestId,
  /** The roles that the gateway vouched for. */
  roles: z.array(Role).optional(),
};

/** A person approved, and others have to, too: the question stands. */
export const ApprovalCounted = define('ApprovalCounted', answer);

/** A person answered. `reject` is the failure Baton.Rejected, anything else a result. */
export const ApprovalDecided = define('ApprovalDecided', {
  ...answer,
  decision: ApprovalAnswer,
  /** There where one of several moves was chosen. */
  move: z.string().optional(),
  /** There where the work of a task was handed in. Since version 5. */
  ...HandIn.omit({ by: true }).shape,
  /** There where several people had to approve: all who did, the last one included. */
  approvals: z.array(GivenApproval).optional(),
});

/** Nobody has answered for as long as the policy waits before it reminds. */
export const ApprovalReminded = define('ApprovalReminded', { visit: Visit, commandId: CommandId });

/** Nobody has answered for longer than the policy waits: from now on others may, too. */
export const ApprovalEscalated = define('ApprovalEscalated', {
  visit: Visit,
  commandId: CommandId,
  to: z.array(Approver),
});
