import { toError } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nextOf } from '../http/cursors.js';
import { parseParameters } from '../http/parse.js';
import { EventListQuery, LastEventId } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { requireRun, requireRunId } from '../runs/find-run.js';
import { beginStream } from './begin-stream.js';
import { streamEvents } from './event-stream.js';
import { eventView } from './event-view.js';
import { wantsStream } from './wants-stream.js';

@Controller('v1/runs/:id/events')
export class EventsController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /** A page as JSON, or with `Accept: text/event-stream` everything from there on, live. */
  @Get()
  async events(
    @Param('id') id: string,
    @Query() query: unknown,
    @Headers('accept') accept: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { after, cursor, limit } = parseParameters(EventListQuery, query);
    // HEAD has no body: its stream would only hold the connection.
    if (wantsStream(accept) && request.method !== 'HEAD') {
      const { 'Last-Event-ID': last } = parseParameters(LastEventId, { 'Last-Event-ID': lastEventId });
      return this.#stream(id, last ?? after, reply);
    }
    const runId = await requireRunId(this.parts, id);
    const stored = await readStream(this.parts.pool, runId, {
      fromVersion: (cursor ?? after) + 1,
      limit: limit + 1,
    });
    const page = stored.slice(0, limit);
    const last = page.at(-1);
    await reply.send({
      events: page.map(eventView),
      next: nextOf('run-events', stored.length > limit ? (last?.version ?? null) : null),
    });
  }

  async #stream(id: string, after: number, reply: FastifyReply): Promise<void> {
    const { runId, endedAt, version, status } = await requireRun(this.parts, id);
    beginStream(reply);
    const ended = endedAt !== null && after >= version ? status : null;
    const before = endedAt === null ? null : status;
    await streamEvents(this.parts, reply.raw, { runId, after, ended, before }).catch((thrown: unknown) => {
      // The head is sent: all that is left is to break off. The client comes back with Last-Event-ID.
      this.parts.log.warn({ runId, err: toError(thrown) }, 'live events broke off');
    });
  }
}
