import type {
  Conversation,
  ModelTime,
  RunAccepted,
  RunDetail,
  RunList,
  RunResult,
  RunStateView,
} from '@baton/contracts';
import { BatonError } from '@baton/contracts';
import { listRuns, type RunPage } from '@baton/read-model';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { withBlockedWaits } from '../access/known-approvers.js';
import { answeringOf } from '../auth/answering.js';
import { runScopeOf } from '../auth/caller.js';
import { etagOf, matchesEtag } from '../http/etag.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { RunListQuery, RunResultQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { openedFor } from '../personal/opened.js';
import { runConversation } from './run-conversation.js';
import { runDetail } from './run-detail.js';
import { runModelTime } from './run-model-time.js';
import { runResult } from './run-result.js';
import { runState } from './run-state.js';
import { submitRun } from './submit-run.js';
import { runAfterWait } from './wait-for-run.js';

@Controller('v1/runs')
export class RunsController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post()
  @HttpCode(202)
  async submit(
    @Body() body: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RunAccepted> {
    const accepted = await submitRun(this.parts, body, key);
    reply.header('location', `/v1/runs/${accepted.runId}`);
    return accepted;
  }

  @Get()
  async list(@Query() query: unknown): Promise<RunList> {
    const { label, limit, cursor, waitingFor, ...filter } = parseParameters(RunListQuery, query);
    const caller = this.parts.caller();
    const asked =
      waitingFor === 'me' ? { waitingFor: 'approval' as const, answering: answeringOf(caller) } : { waitingFor };
    const { runs, next } = await listRuns(
      this.parts.pool,
      { ...filter, ...asked, labels: label, scope: runScopeOf(caller) },
      limit,
      cursor,
    ).catch(refuseCursor);
    return { runs: [...runs], next };
  }

  @Get(':id')
  async get(
    @Param('id') id: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RunDetail | undefined> {
    const { pool, nowMs } = this.parts;
    const run = await runDetail(pool, await runAfterWait(this.parts, id, prefer, reply), nowMs());
    const isQuiet =
      run.work.length + run.lost.length + run.done.length === 0 && (run.budget.length === 0 || run.endedAt !== null);
    const etag = etagOf(run.version, isQuiet ? null : JSON.stringify([run.work, run.lost, run.done, run.budget]));
    reply.headers({ etag, 'cache-control': 'private, no-cache' });
    if (!matchesEtag(ifNoneMatch, etag)) return withBlockedWaits(this.parts, run);
    reply.status(304);
    return undefined;
  }

  @Get(':id/result')
  async result(@Param('id') id: string, @Query() query: unknown): Promise<RunResult> {
    const { personal } = parseParameters(RunResultQuery, query);
    const result = await runResult(this.parts, id);
    return openedFor(this.parts, result.runId, personal, result);
  }

  @Get(':id/conversation')
  conversation(@Param('id') id: string, @Query() query: unknown): Promise<Conversation> {
    return runConversation(this.parts, id, query);
  }

  @Get(':id/model-time')
  modelTime(@Param('id') id: string): Promise<ModelTime> {
    return runModelTime(this.parts, id);
  }

  @Get(':id/state')
  state(@Param('id') id: string, @Query() query: unknown): Promise<RunStateView> {
    return runState(this.parts, id, query);
  }
}

function refuseCursor(thrown: unknown): RunPage {
  if (!(thrown instanceof BatonError) || thrown.code !== 'invalid-cursor') throw thrown;
  throw new ProblemError(thrown.message, {
    status: 400,
    code: 'invalid-parameter',
    next: thrown.next ?? 'Leave the cursor out.',
    errors: [{ pointer: 'cursor', detail: 'is not one that a list of runs gave' }],
  });
}
