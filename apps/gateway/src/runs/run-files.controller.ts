import { Readable } from 'node:stream';
import { patchParts } from '@baton/workspace';
import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { workspaceStore } from '../workspaces/workspace-store.js';
import { runDiff } from './run-diff.js';

/** What a run made of its workspace. */
@Controller('v1/runs')
export class RunFilesController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get(':id/diff')
  async diff(
    @Param('id') id: string,
    @Query() query: unknown,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const store = workspaceStore(this.parts.pool);
    const { view, before, after } = await runDiff(this.parts, id, query, store);
    reply.header('vary', 'accept');
    if (accept?.includes('text/x-diff') !== true) {
      await reply.send(view);
      return;
    }
    await reply.type('text/x-diff; charset=utf-8').send(Readable.from(patchParts(before, after, store)));
  }
}
