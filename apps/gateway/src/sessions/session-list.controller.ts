import type { SessionList } from '@baton/contracts';
import { endWebSession, type ListedSession, listWebSessions } from '@baton/event-store';
import { Controller, Delete, Get, HttpCode, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.js';
import { sessionCookie } from '../auth/session-cookie.js';
import { nextOf } from '../http/cursors.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { SessionListQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Browsers that are signed in: everybody sees and ends their own, an admin those of everybody. */
@Controller('v1/auth/sessions')
export class SessionListController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get()
  async list(@Query() query: unknown): Promise<SessionList> {
    const { cursor, limit } = parseParameters(SessionListQuery, query);
    const caller = this.parts.caller();
    const found = await listWebSessions(this.parts.pool, { of: whoseSessions(caller), before: cursor }, limit + 1);
    const sessions = found.slice(0, limit);
    const last = sessions.at(-1);
    const isMore = found.length > limit && last !== undefined;
    return {
      sessions: sessions.map((session) => ({ ...session, isThis: session.sessionId === caller.session?.sessionId })),
      next: nextOf('sessions', isMore ? `${last.beganAt} ${last.sessionId}` : null),
    };
  }

  /** Nothing more is answered to it from now on, and the streams that it has open end within a second or two. */
  @Delete(':id')
  @HttpCode(204)
  async end(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { pool } = this.parts;
    const caller = this.parts.caller();
    const [session] = ID.test(id) ? await listWebSessions(pool, { of: whoseSessions(caller), sessionId: id }, 1) : [];
    if (session === undefined || !(await endWebSession(pool, id, noteOf(session, caller)))) throw notThere();
    if (id === caller.session?.sessionId) reply.header('set-cookie', sessionCookie(request, null));
  }
}

/** Of whom somebody sees sessions; null: of everybody. */
const whoseSessions = ({ actor, roles, scopes }: Caller): Caller['actor'] | null =>
  roles.includes('admin') && scopes === null ? null : actor;

const noteOf = ({ sessionId, actor: whose }: ListedSession, { actor, address }: Caller) => ({
  kind: 'session-ended',
  actor,
  address,
  about: `${whose === null ? 'somebody' : `${whose.type}:${whose.id}`} ${sessionId}`,
});

const notThere = (): ProblemError =>
  new ProblemError('There is no such session, or none of yours.', {
    status: 404,
    code: 'session-not-found',
    next: 'GET /v1/auth/sessions lists them; it may be over already.',
  });
