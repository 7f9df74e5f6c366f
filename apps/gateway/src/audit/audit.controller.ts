import type { RunId, Verification } from '@baton/contracts';
import { verifyLog, verifyStream } from '@baton/event-store';
import { verifyRunView, verifyViews } from '@baton/read-model';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { parseParameters } from '../http/parse.js';
import { VerifyQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { requireRunId } from '../runs/find-run.js';

@Controller('v1/audit')
export class AuditController {
  #running: Promise<Verification> | null = null;

  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /**
   * First the log itself (hashes, gaps), then what follows from it (states, views). Reads everything: callers that come
   * while one verification runs get its answer. With `run`, its id or the beginning of it, that run alone.
   */
  @Get('verify')
  async verify(@Query() query: unknown): Promise<Verification> {
    const { run } = parseParameters(VerifyQuery, query);
    if (run !== undefined) return this.#verifyRun(await requireRunId(this.parts, run));
    this.#running ??= this.#verify().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #verifyRun(runId: RunId): Promise<Verification> {
    const stream = await verifyStream(this.parts.pool, runId);
    return stream.verified ? verifyRunView(this.parts.pool, runId) : stream;
  }

  async #verify(): Promise<Verification> {
    const log = await verifyLog(this.parts.pool);
    return log.verified ? verifyViews(this.parts.pool) : log;
  }
}
