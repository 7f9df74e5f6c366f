import { BatonError, type ReplayReport, toError } from '@baton/contracts';
import { type ReplayOptions, replayLog, replayRun } from '@baton/replay';
import { Controller, Get, Headers, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { beginStream } from '../events/begin-stream.js';
import { wantsStream } from '../events/wants-stream.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { VerifyQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { requireRunId } from '../runs/find-run.js';

/** A replay takes the cores of the machine for itself, as long as it lasts. */
const MOST_AT_ONCE = 2;

@Controller('v1/audit')
export class ReplayController {
  #underWay = 0;

  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /**
   * Decides the whole log again, or with `run`, its id or the beginning of it, that run alone: a report as JSON, or with
   * `Accept: text/event-stream` a `progress` every now and then, and at last the `report`, or a `problem` where it could not be
   * done. It ends when its reader goes.
   */
  @Get('replay')
  async replay(
    @Query() query: unknown,
    @Headers('accept') accept: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { pool, databaseUrl: url, tail } = this.parts;
    const { run } = parseParameters(VerifyQuery, query);
    const runId = run === undefined ? null : await requireRunId(this.parts, run);
    if (request.method === 'HEAD') return void (await reply.send());
    if (this.#underWay >= MOST_AT_ONCE) throw tooMany();
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, tail.stopping]);
    const options: ReplayOptions = { pool, url, signal, monotonicMs: () => performance.now() };
    const told = runId === null ? replayLog(options) : replayRun(options, runId);
    this.#underWay += 1;
    try {
      if (wantsStream(accept)) await this.#stream(reply, told, signal);
      else await reply.send(await reportIn(told));
    } finally {
      this.#underWay -= 1;
    }
  }

  async #stream(reply: FastifyReply, told: ReturnType<typeof replayLog>, signal: AbortSignal): Promise<void> {
    beginStream(reply);
    const { raw } = reply;
    try {
      for await (const each of told) {
        raw.write(`event: ${'verified' in each ? 'report' : 'progress'}\ndata: ${JSON.stringify(each)}\n\n`);
      }
    } catch (thrown) {
      const error = toError(thrown);
      if (!signal.aborted) this.parts.log.warn({ err: error }, 'replay broke off');
      const code = error instanceof BatonError ? error.code : 'internal-error';
      // The head is sent, so it cannot be the status that says so.
      raw.write(`event: problem\ndata: ${JSON.stringify({ code, detail: 'The replay broke off.' })}\n\n`);
    } finally {
      raw.end();
    }
  }
}

async function reportIn(told: ReturnType<typeof replayLog>): Promise<ReplayReport> {
  for await (const each of told) if ('verified' in each) return each;
  throw new Error('a replay ended without a report');
}

const tooMany = (): ProblemError =>
  new ProblemError('Other replays are under way.', {
    status: 409,
    code: 'replays-under-way',
    next: 'Ask again when one of them has ended.',
  });
