import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { unauthorized } from '../auth/unauthorized.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { serveMcp } from './serve-mcp.js';

/**
 * Baton for models: streamable HTTP of the Model Context Protocol. Each request stands for itself, so any gateway can answer it.
 * A session of a browser is not enough: no page has business here.
 */
@Controller('mcp')
export class McpController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post()
  async serve(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (request.headers.authorization === undefined) throw unauthorized('This address needs a token.');
    await serveMcp(this.parts, request, body, reply);
  }
}
