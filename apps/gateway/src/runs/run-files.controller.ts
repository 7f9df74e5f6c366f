import { Readable } from 'node:stream';
import { patchParts } from '@baton/workspace';
import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { matchesEtag } from '../http/etag.js';
import { attachmentNamed } from '../http/media-type.js';
import { parseParameters } from '../http/parse.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { workspaceStore } from '../workspaces/workspace-store.js';
import { printedText } from './printed-text.js';
import { fileOfDiff, RunDiffFileQuery, RunDiffQuery, runDiff } from './run-diff.js';

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
    const rounds = parseParameters(RunDiffQuery, query);
    const { view, before, after } = await runDiff(this.parts, id, rounds, store);
    reply.header('vary', 'accept');
    if (accept?.includes('text/x-diff') !== true) {
      await reply.send(view);
      return;
    }
    await reply.type('text/x-diff; charset=utf-8').send(Readable.from(patchParts(before, after, store)));
  }

  @Get(':id/diff/file')
  async file(
    @Param('id') id: string,
    @Query() query: unknown,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = parseParameters(RunDiffFileQuery, query);
    const { sha256, bytes } = await fileOfDiff(this.parts, id, asked, workspaceStore(this.parts.pool));
    await sendText(reply, { name: asked.path, sha256, known, bytes });
  }

  @Get(':id/printed')
  async printed(
    @Param('id') id: string,
    @Query() query: unknown,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { name, sha256, bytes } = await printedText(this.parts, id, query);
    await sendText(reply, { name, sha256, known, bytes });
  }
}

interface TextOfAnybody {
  readonly name: string;
  readonly sha256: string;
  /** What the caller has already. */
  readonly known: string | undefined;
  readonly bytes: () => Promise<Buffer>;
}

/** As a text to be kept, and not to be shown or run: a model wrote it, or a program of one. */
async function sendText(reply: FastifyReply, { name, sha256, known, bytes }: TextOfAnybody): Promise<void> {
  const etag = `"${sha256}"`;
  reply.headers({
    etag,
    'cache-control': 'private, no-cache',
    'content-disposition': attachmentNamed(name),
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  });
  if (matchesEtag(known, etag)) return void (await reply.status(304).send());
  await reply.type('text/plain; charset=utf-8').send(await bytes());
}
