import { type BacktestReport, BatonError, type DecisionList, type JudgeList } from '@baton/contracts';
import {
  type BacktestPage,
  backtestDecisions,
  type DecisionPage,
  judgeDecisions,
  listDecisions,
  UnknownDimension,
} from '@baton/read-model';
import { DecisionPolicy } from '@baton/workflow';
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { runScopeOf } from '../auth/caller.js';
import { nextOf } from '../http/cursors.js';
import { parseBody, parseParameters, pointerOf } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { requireRunId } from '../runs/find-run.js';
import { BacktestQuery, DecisionListQuery, JudgeQuery } from './decision-queries.js';

/** What was decided, by whom, how well the judges judge, and what another policy would have done. */
@Controller('v1/decisions')
export class DecisionsController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get()
  async list(@Query() query: unknown): Promise<DecisionList> {
    const { pool } = this.parts;
    const { run, point, limit, cursor, ...filter } = parseParameters(DecisionListQuery, query);
    const runId = run === undefined ? undefined : await requireRunId(this.parts, run);
    const page = await listDecisions(
      pool,
      { ...filter, runId, pointKind: point, scope: runScopeOf(this.parts.caller()) },
      limit,
      cursor,
    ).catch(refuseCursor);
    return { decisions: [...page.decisions], next: page.next };
  }

  @Get('judges')
  async judges(@Query() query: unknown): Promise<JudgeList> {
    return { judges: [...(await judgeDecisions(this.parts.pool, parseParameters(JudgeQuery, query)))] };
  }

  /** Changes nothing: 200 and the report. The body is the policy. */
  @Post('backtest')
  @HttpCode(200)
  async backtest(@Query() query: unknown, @Body() body: unknown): Promise<BacktestReport> {
    const { cursor, ...scope } = parseParameters(BacktestQuery, query);
    const policy = parseBody(DecisionPolicy, body);
    const { pool, nowMs } = this.parts;
    const page = await backtestDecisions(pool, policy, scope, nowMs, cursor ?? null).catch(refuseDimension);
    return {
      ...page,
      counts: { ...page.counts },
      differing: [...page.differing],
      next: nextOf('backtest', page.next),
    };
  }
}

function refuseCursor(thrown: unknown): DecisionPage {
  if (!(thrown instanceof BatonError) || thrown.code !== 'invalid-cursor') throw thrown;
  throw new ProblemError(thrown.message, {
    status: 400,
    code: 'invalid-parameter',
    next: thrown.next ?? 'Leave the cursor out.',
    errors: [{ pointer: 'cursor', detail: 'is not one that a list of decisions gave' }],
  });
}

function refuseDimension(thrown: unknown): BacktestPage {
  if (!(thrown instanceof UnknownDimension)) throw thrown;
  throw new ProblemError('The policy cannot be applied.', {
    status: 422,
    code: thrown.code,
    next: thrown.next ?? 'Correct the policy.',
    errors: [{ pointer: pointerOf(['thresholds', thrown.dimension]), detail: thrown.message }],
    cause: thrown,
  });
}
