import type { PatternReport, RecommendationReport } from '@baton/contracts';
import { type Analyst, type AskedWindow, openAnalyst, TooMuchToRead } from '@baton/recommendations';
import { Controller, Get, Inject, type OnModuleDestroy, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { AnalysisQuery } from './analysis-queries.js';

/** Each takes a core, and policies are tried on all the runs that are asked about. */
const MOST_AT_ONCE = 2;

/** What the log says would be better otherwise, and what goes with the rules being overruled. */
@Controller('v1')
export class RecommendationsController implements OnModuleDestroy {
  readonly #analyst: Analyst;
  #underWay = 0;

  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {
    this.#analyst = openAnalyst(parts.databaseUrl, MOST_AT_ONCE);
  }

  onModuleDestroy(): Promise<void> {
    return this.#analyst.close();
  }

  @Get('recommendations')
  recommend(@Query() query: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<RecommendationReport> {
    return this.#analyse((asked, signal) => this.#analyst.recommend(asked, signal), query, reply);
  }

  @Get('decisions/patterns')
  patterns(@Query() query: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<PatternReport> {
    return this.#analyse((asked, signal) => this.#analyst.findPatterns(asked, signal), query, reply);
  }

  /** It ends when who asked goes. Until now: so whoever asks the same of a back-test finds the same decisions. */
  async #analyse<Report>(
    analyse: (asked: AskedWindow, signal: AbortSignal) => Promise<Report>,
    query: unknown,
    { raw }: FastifyReply,
  ): Promise<Report> {
    const { until, ...asked } = parseParameters(AnalysisQuery, query);
    const { nowMs, tail } = this.parts;
    if (this.#underWay >= MOST_AT_ONCE) throw tooMany();
    const gone = new AbortController();
    raw.once('close', () => gone.abort());
    this.#underWay += 1;
    try {
      const window = { ...asked, until: until ?? new Date(nowMs()).toISOString() };
      return await analyse(window, AbortSignal.any([gone.signal, tail.stopping]));
    } catch (thrown) {
      throw thrown instanceof TooMuchToRead ? tooMuch(thrown) : thrown;
    } finally {
      this.#underWay -= 1;
    }
  }
}

const tooMany = (): ProblemError =>
  new ProblemError('Others are looking at the log.', {
    status: 409,
    code: 'analyses-under-way',
    next: 'Ask again when one of them has ended.',
  });

const tooMuch = (thrown: TooMuchToRead): ProblemError =>
  new ProblemError(thrown.message, {
    status: 503,
    code: thrown.code,
    next: thrown.next ?? 'Ask for less.',
    cause: thrown,
  });
