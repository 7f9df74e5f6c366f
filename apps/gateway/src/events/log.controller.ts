import { type EventList, type OperationsPart, toError } from '@baton/contracts';
import { logHead } from '@baton/event-store';
import { Controller, Get, Headers, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { runScopeOf } from '../auth/caller.js';
import { cursorOf } from '../http/cursors.js';
import { parseParameters } from '../http/parse.js';
import { LastPosition, LogQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { requireRunId } from '../runs/find-run.js';
import { beginStream } from './begin-stream.js';
import { isWanted, type LogFilter } from './log-filter.js';
import { LogPages } from './log-pages.js';
import { streamLog } from './log-stream.js';
import { RunOrigins } from './run-origins.js';
import { wantsStream } from './wants-stream.js';
import { mayWatch } from './watched-parts.js';

/** How many events a page looks at: under a filter it may be short, or empty, and have one after it. */
const MOST_LOOKED_AT = 5_000;

/** The log of all runs; for a key that is for certain runs, of those. */
@Controller('v1/events')
export class LogController {
  readonly #pages: LogPages;
  readonly #origins: RunOrigins;

  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {
    this.#pages = new LogPages(parts.pool);
    this.#origins = new RunOrigins(parts.pool);
  }

  /** A page as JSON, or with `Accept: text/event-stream` what happens from now on, or from a position. */
  @Get()
  async events(
    @Query() query: unknown,
    @Headers('accept') accept: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { run, type, workflow, label, also, after, cursor, limit } = parseParameters(LogQuery, query);
    const { pool } = this.parts;
    const runId = run === undefined ? undefined : await requireRunId(this.parts, run);
    const filter = { runId, types: type, workflow, labels: label, scope: runScopeOf(this.parts.caller()) };
    if (!wantsStream(accept) || request.method === 'HEAD') {
      await reply.send(await this.#page(cursor ?? after ?? 0, limit, filter));
      return;
    }
    const { 'Last-Event-ID': last } = parseParameters(LastPosition, { 'Last-Event-ID': lastEventId });
    // Asked before the head is sent: while the database is away the answer is 503.
    const from = last ?? after ?? (await logHead(pool));
    beginStream(reply);
    const caller = this.parts.caller();
    const { tail, watch } = this.parts;
    const ports = { tail, watch, pages: this.#pages, origins: this.#origins };
    const watched = also === undefined ? null : (part: OperationsPart) => mayWatch(caller, part);
    await streamLog(ports, reply.raw, { after: from, filter, also: watched }).catch((thrown: unknown) => {
      // The client comes back with Last-Event-ID.
      this.parts.log.warn({ err: toError(thrown) }, 'live events broke off');
    });
  }

  async #page(after: number, limit: number, filter: LogFilter): Promise<EventList> {
    const events: EventList['events'] = [];
    let position = after;
    for (let looked = 0; looked < MOST_LOOKED_AT; ) {
      const page = await this.#pages.read(position, limit);
      for (const { view } of page) {
        position = view.position;
        if (await isWanted(view, filter, this.#origins)) events.push(view);
        if (events.length === limit) return { events, next: cursorOf('events', position) };
      }
      if (page.length < limit) return { events, next: null };
      looked += page.length;
    }
    return { events, next: cursorOf('events', position) };
  }
}
