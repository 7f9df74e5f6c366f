import { z } from 'zod';
import { ApprovalPolicy } from './approvals.js';
import { RunId } from './ids.js';
import { Actor, ApprovalAnswer, ApprovalId } from './intake.js';
import { Json } from './json.js';

/** How a question to a person stands. `gone`: nobody needs the answer any more, or its time was up. */
const ApprovalStatus = z.enum(['open', ...ApprovalAnswer.options, 'gone']);

/** A question that a state of a run asks a person. */
export const ApprovalSummary = z.object({
  approvalId: ApprovalId,
  runId: RunId,
  workflow: z.string(),
  workflowVersion: z.string(),
  state: z.string(),
  /** `title` of what is to be approved, where it has one. */
  title: z.string().nullable(),
  since: z.string(),
  /** When the question is withdrawn, where it has a time limit. */
  dueAt: z.string().nullable(),
  status: ApprovalStatus,
  /** SHA-256 (hex) of the canonical JSON of what is to be approved; the ETag of the approval without its quotes. */
  sha256: z.string(),
});
export type ApprovalSummary = z.infer<typeof ApprovalSummary>;

/** `GET /v1/approvals/{id}` */
export const ApprovalView = ApprovalSummary.extend({
  /** What is to be approved: the Arguments of the state. */
  arguments: Json,
  /** When and by whom it was answered; null while it is open. A question that is gone has a time and nobody. */
  settledAt: z.string().nullable(),
  settledBy: Actor.nullable(),
  comment: z.string().nullable(),
  /** Who has to approve; null where anybody may, and one is enough. */
  policy: ApprovalPolicy.nullable(),
  submittedBy: Actor,
  /** Who has approved, oldest first. A single approval that was enough is in `settledBy` alone. */
  approvals: z.array(z.object({ by: Actor, comment: z.string(), at: z.string() })),
  /** How many more people have to approve, and who may; `from` is null where anybody may. Null when it is settled. */
  missing: z.object({ count: z.int(), from: z.array(z.string()).nullable() }).nullable(),
  /** Why nobody who has a key can give what the policy wants; null where somebody can, or it is settled. */
  blocked: z.string().nullable().default(null),
  /** When somebody was reminded, and when it was taken to others; null where that has not come. */
  remindedAt: z.string().nullable(),
  escalatedAt: z.string().nullable(),
});
export type ApprovalView = z.infer<typeof ApprovalView>;

/** `GET /v1/approvals`: the open ones, longest waiting first; `next` is the cursor of the following page. */
export const ApprovalList = z.object({ approvals: z.array(ApprovalSummary), next: z.string().nullable() });
export type ApprovalList = z.infer<typeof ApprovalList>;

/** A question that a person has answered. */
export const AnsweredApproval = ApprovalSummary.extend({
  status: ApprovalAnswer,
  settledAt: z.string(),
  /** Who answered; the last one where several had to approve. */
  settledBy: Actor,
  comment: z.string(),
  /** The move that was chosen, where several were offered and another than the proposed one was. */
  move: z.string().nullable(),
  /** All who approved, where several had to. */
  approvedBy: z.array(Actor),
});
export type AnsweredApproval = z.infer<typeof AnsweredApproval>;

/** `GET /v1/approvals?status=answered`: newest answer first. */
export const AnsweredApprovalList = z.object({ approvals: z.array(AnsweredApproval), next: z.string().nullable() });
export type AnsweredApprovalList = z.infer<typeof AnsweredApprovalList>;

/** `GET /v1/approvals`, whichever are asked for. What was answered has more to it, and is looked for first. */
export const ApprovalPage = z.union([AnsweredApprovalList, ApprovalList]);
export type ApprovalPage = z.infer<typeof ApprovalPage>;
