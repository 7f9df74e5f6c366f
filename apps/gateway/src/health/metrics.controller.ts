import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type GatewayParts, PARTS } from '../parts/parts.js';

/** For Prometheus, with a key: how much a gateway has to do is its operator's business. */
@Controller()
export class MetricsController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const { contentType, scrape } = this.parts.metrics;
    await reply.type(contentType).send(await scrape());
  }
}
