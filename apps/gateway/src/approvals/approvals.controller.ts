import type { AnsweredApprovalList, ApprovalList, ApprovalView, RunAccepted } from '@baton/contracts';
import { listAnswers, listApprovals } from '@baton/read-model';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { withBlocked } from '../access/known-approvers.js';
import { answeringOf } from '../auth/answering.js';
import { runScopeOf } from '../auth/caller.js';
import { nextOf } from '../http/cursors.js';
import { parseParameters } from '../http/parse.js';
import { ApprovalListQuery, ApprovalQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { openedFor } from '../personal/opened.js';
import { requireRunId } from '../runs/find-run.js';
import { decideApproval } from './decide-approval.js';
import { approvalEtag, requireApproval } from './find-approval.js';

/** Questions to people. */
@Controller('v1/approvals')
export class ApprovalsController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /** The open ones, longest waiting first; or those that were answered, newest answer first. */
  @Get()
  async list(@Query() query: unknown): Promise<ApprovalList | AnsweredApprovalList> {
    const { pool } = this.parts;
    const { status, run, limit, cursor, waitingFor } = parseParameters(ApprovalListQuery, query);
    const runId = run === undefined ? undefined : await requireRunId(this.parts, run);
    const caller = this.parts.caller();
    const scope = runScopeOf(caller);
    if (status === 'answered') {
      // What was answered waits for nobody.
      if (waitingFor !== undefined) return { approvals: [], next: null };
      const page = await listAnswers(pool, { runId, scope }, limit, cursor);
      return { approvals: [...page.approvals], next: nextOf('approvals', page.next) };
    }
    const answering = waitingFor === 'me' ? answeringOf(caller) : undefined;
    const { approvals, next } = await listApprovals(pool, { runId, scope, answering }, limit, cursor);
    return { approvals: [...approvals], next: nextOf('approvals', next) };
  }

  @Get(':id')
  async get(
    @Param('id') id: string,
    @Query() query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApprovalView> {
    const approval = await withBlocked(this.parts, await requireApproval(this.parts, id));
    reply.header('etag', approvalEtag(approval));
    const { personal } = parseParameters(ApprovalQuery, query);
    return openedFor(this.parts, approval.runId, personal, approval);
  }

  @Post(':id/decision')
  @HttpCode(202)
  async decide(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RunAccepted> {
    const accepted = await decideApproval(this.parts, id, body, { ifMatch, key });
    reply.header('location', `/v1/approvals/${id.toLowerCase()}`);
    return accepted;
  }
}
