import type { Verification } from '@baton/contracts';
import { verifyLog } from '@baton/event-store';
import { verifyViews } from '@baton/read-model';
import { Controller, Get, Inject } from '@nestjs/common';
import { type GatewayParts, PARTS } from '../parts/parts.js';

@Controller('v1/audit')
export class AuditController {
  #running: Promise<Verification> | null = null;

  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /**
   * First the log itself (hashes, gaps), then what follows from it (states, views). Reads everything: callers that come
   * while one verification runs get its answer.
   */
  @Get('verify')
  verify(): Promise<Verification> {
    this.#running ??= this.#verify().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #verify(): Promise<Verification> {
    const log = await verifyLog(this.parts.pool);
    return log.verified ? verifyViews(this.parts.pool) : log;
  }
}
