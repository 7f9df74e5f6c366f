import type { ArtifactList } from '@baton/contracts';
import { Controller, Get, Headers, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { matchesEtag } from '../http/etag.js';
import { attachmentNamed, mediaTypeOf, sentTypeOf } from '../http/media-type.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { requireRun } from '../runs/find-run.js';
import { workspaceStore } from '../workspaces/workspace-store.js';
import { requireArtifact, runArtifacts } from './run-artifacts.js';

/** The files that a run made, one by one. */
@Controller('v1/runs/:id/artifacts')
export class ArtifactsController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get()
  async list(@Param('id') id: string): Promise<ArtifactList> {
    const { pool } = this.parts;
    const run = await requireRun(this.parts, id);
    const files = await runArtifacts(this.parts, run, workspaceStore(pool));
    return {
      runId: run.runId,
      artifacts: files.map(({ path, size, sha256 }) => ({ path, size, sha256, mediaType: mediaTypeOf(path) })),
    };
  }

  @Get('*')
  async file(
    @Param('id') id: string,
    @Param('*') path: string,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { pool } = this.parts;
    const artifact = await requireArtifact(this.parts, await requireRun(this.parts, id), path, workspaceStore(pool));
    const etag = `"${artifact.sha256}"`;
    reply.headers({
      etag,
      'cache-control': 'private, no-cache',
      // Nothing of it runs where it is opened all the same. Also said of the copy that a browser has.
      'content-disposition': attachmentNamed(path),
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    });
    if (matchesEtag(known, etag)) return void (await reply.status(304).send());
    await reply.type(sentTypeOf(path)).send(await artifact.bytes());
  }
}
