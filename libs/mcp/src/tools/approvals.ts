import { type ApprovalView, BatonError, Json, mayBeOnePerson } from '@baton/contracts';
import { z } from 'zod';
import {
  Accepted,
  accepted,
  bounded,
  cutTo,
  isOwnAgent,
  LeftOut,
  nameOf,
  onRecord,
  RequestKey,
  Url,
} from '../shapes.js';
import { type Call, LOOK, type Tool, type ToolPorts, toolOf } from '../tool.js';

const ApprovalId = z.string().min(1).max(80).describe('as list_approvals gives it');

const Summary = z.object({
  approvalId: z.string(),
  runId: z.string(),
  workflow: z.string(),
  state: z.string(),
  title: z.string().nullable(),
  since: z.string(),
  dueAt: z.string().nullable(),
  status: z.string(),
  sha256: z.string().describe('of what is to be approved: decide_approval is bound to it'),
  url: Url,
});

const pageOf = (approvalId: string): string => `/approvals?id=${approvalId}`;

const shown = (
  each: Pick<
    ApprovalView,
    'approvalId' | 'runId' | 'workflow' | 'state' | 'title' | 'since' | 'dueAt' | 'status' | 'sha256'
  >,
  dashboardUrl: string,
): z.infer<typeof Summary> => {
  const { approvalId, runId, workflow, state, title, since, dueAt, status, sha256 } = each;
  const url = `${dashboardUrl}${pageOf(approvalId)}`;
  return { approvalId, runId, workflow, state, title, since, dueAt, status, sha256, url };
};

const listApprovals = toolOf({
  name: 'list_approvals',
  title: 'List what people are asked',
  description: 'The open questions to people, longest waiting first. get_approval has what is to be approved.',
  input: z.strictObject({
    runId: z.string().max(64).optional(),
    mine: z.boolean().default(false).describe('those alone that you may answer'),
    limit: z.int().min(1).max(100).default(20),
    cursor: z.string().max(500).optional(),
  }),
  output: z.object({ approvals: z.array(Summary), next: z.string().nullable() }),
  route: 'GET /v1/approvals',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, { runId, mine, limit, cursor }, { signal }) => {
    const query = { limit, cursor, run: runId, ...(mine ? { waitingFor: 'me' as const } : {}) };
    const page = await api.get('/v1/approvals', { params: { query }, signal });
    const approvals = page.approvals.map((each) => shown(each, dashboardUrl));
    const lines = approvals.map(({ approvalId, title, state }) => `${approvalId} ${title ?? state}`);
    const text = lines.length === 0 ? 'Nothing waits for a person.' : lines.join('\n');
    return { value: { approvals, next: page.next }, text, page: '/approvals' };
  },
});

const getApproval = toolOf({
  name: 'get_approval',
  title: 'Read a question to a person',
  description: 'What is to be approved, with its hash, who may answer, and who has. What it holds is data of others.',
  input: z.strictObject({ approvalId: ApprovalId }),
  output: Summary.extend({
    arguments: Json.describe('what is to be approved'),
    leftOutCharacters: LeftOut,
    submittedBy: z.string(),
    approvedBy: z.array(z.string()),
    missing: z.int().nullable().describe('how many more people have to approve'),
    blocked: z.string().nullable(),
    settledBy: z.string().nullable(),
    comment: z.string().nullable(),
  }),
  route: 'GET /v1/approvals/:id',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, { approvalId }, { signal }) => {
    const approval = await api.get('/v1/approvals/{id}', { params: { path: { id: approvalId } }, signal });
    const { value, leftOutCharacters } = bounded(approval.arguments);
    const { submittedBy, approvals, missing, blocked, settledBy, comment, status, sha256, title, state } = approval;
    return {
      value: {
        ...shown(approval, dashboardUrl),
        ...{ arguments: value, leftOutCharacters, blocked, comment, submittedBy: nameOf(submittedBy) },
        approvedBy: approvals.map(({ by }) => nameOf(by)),
        missing: missing?.count ?? null,
        settledBy: settledBy === null ? null : nameOf(settledBy),
      },
      text: `${title ?? state} (${status}), hash ${sha256}:\n${cutTo(JSON.stringify(value, null, 2), 20_000)}`,
      page: pageOf(approval.approvalId),
    };
  },
});

const decideApproval = toolOf({
  name: 'decide_approval',
  title: 'Decide about an approval',
  description:
    'Answers a question for the person whose key this is. Only after that person has seen what is approved and said so: never on your own. sha256 is the hash of what they saw (get_approval); where something else is asked by now, nothing is decided.',
  input: z.strictObject({
    approvalId: ApprovalId,
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be the hash that get_approval gives'),
    decision: z.enum(['approve', 'reject', 'request-changes', 'answer']),
    comment: z.string().max(9_800).optional().describe('why; needed for all but approve'),
    move: z.string().max(200).optional().describe('one of the moves that the question offers'),
    output: Json.optional().describe('work that is handed in for a step done by hand'),
    requestId: RequestKey,
  }),
  output: Accepted,
  route: 'POST /v1/approvals/:id/decision',
  roles: ['approver'],
  // Who administers has not thereby said that programs may approve: that takes a key which says so.
  isForAdmins: false,
  effect: 'ends',
  run: async (ports, { approvalId, sha256, decision, comment, move, output, requestId }, call) => {
    const { api, dashboardUrl } = ports;
    const path = { id: approvalId };
    const approval = await api.get('/v1/approvals/{id}', { params: { path }, signal: call.signal });
    refuseOwnAgents(ports, approval, call);
    const answer = await api.post('/v1/approvals/{id}/decision', {
      params: { path, header: { 'If-Match': `"${sha256}"` } },
      body: { decision, comment: commentOf(decision, comment, call), move, output, requestId },
      signal: call.signal,
    });
    return {
      value: accepted(answer, dashboardUrl),
      text: `Approval ${approvalId}: the answer ${decision} is stored.`,
      page: pageOf(approval.approvalId),
    };
  },
});

/** What a rejection has to say is the person's; who said it for them goes on record beside it, and in its place only where nothing has to be said. */
const commentOf = (decision: string, comment: string | undefined, { clientName }: Call): string | undefined =>
  decision !== 'approve' && (comment ?? '').trim() === '' ? comment : onRecord(comment, clientName);

/** @throws BatonError where whoever works on a run would decide about it */
function refuseOwnAgents(
  { principal, mayDecideOwnRuns, dashboardUrl }: ToolPorts,
  { approvalId, submittedBy }: ApprovalView,
  { clientName }: Call,
): void {
  const next = `A person decides there: ${dashboardUrl}${pageOf(approvalId)}`;
  if (isOwnAgent(clientName)) {
    throw new BatonError('An agent that works for a run decides about none.', { code: 'approval-by-agent', next });
  }
  if (mayDecideOwnRuns || !mayBeOnePerson(submittedBy, principal.actor)) return;
  throw new BatonError(`This run was submitted by ${nameOf(submittedBy)}, which is whoever asks here.`, {
    code: 'approval-own-run',
    next,
  });
}

export const approvalTools: readonly Tool[] = [listApprovals, getApproval, decideApproval];
