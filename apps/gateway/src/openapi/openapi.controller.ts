import { createHash } from 'node:crypto';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { matchesEtag } from '../http/etag.js';
import { openApiDocument } from './document.js';

/** Open to everybody: it tells what the documentation does. */
@Controller()
export class OpenApiController {
  readonly #text = JSON.stringify(openApiDocument());
  readonly #etag = `"${createHash('sha256').update(this.#text).digest('hex').slice(0, 32)}"`;

  @Get('openapi.json')
  async document(@Headers('if-none-match') known: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    reply.headers({ etag: this.#etag, 'cache-control': 'no-cache' });
    if (matchesEtag(known, this.#etag)) return void (await reply.status(304).send());
    await reply.type('application/json; charset=utf-8').send(this.#text);
  }
}
