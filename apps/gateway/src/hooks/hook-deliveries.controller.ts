import type { HookTaken } from '@baton/contracts';
import { Body, Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { takeDelivery } from './take-delivery.js';

/** Where somebody outside calls a hook: without a credential of Baton, and with a signature. */
@Controller('hooks')
export class HookDeliveriesController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post(':hook')
  @HttpCode(202)
  take(@Param('hook') name: string, @Body() body: unknown, @Req() { headers }: FastifyRequest): Promise<HookTaken> {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : '');
    return takeDelivery(this.parts, { name, headers, body: bytes });
  }
}
