import { type SessionView, SignIn, type SignInCode, type SignInOptions } from '@baton/contracts';
import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseForeignPage, secretIn, sessionCookie } from '../auth/session-cookie.js';
import type { BegunSession } from '../auth/sign-ins.js';
import { unauthorized } from '../auth/unauthorized.js';
import { warnOfUnseenTls } from '../auth/unseen-tls.js';
import { whoAmI } from '../auth/who-am-i.js';
import { parseBody } from '../http/parse.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';

/** How browsers sign in, and out. */
@Controller('v1/auth')
export class SessionsController {
  readonly #warn: ReturnType<typeof warnOfUnseenTls>;

  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {
    this.#warn = warnOfUnseenTls(parts.log);
  }

  @Get('options')
  options(): SignInOptions {
    const client = this.parts.users?.client ?? null;
    return { code: true, key: true, oidc: client === null ? null : { issuer: client.issuer, clientId: client.id } };
  }

  /** Open to everybody: it is here that one shows who one is. */
  @Post('session')
  @HttpCode(201)
  async begin(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const { signIns } = this.parts;
    refuseForeignPage(request);
    const asked = parseBody(SignIn, body);
    const isCode = 'code' in asked;
    const showing = isCode
      ? signIns.byCode(asked.code)
      : signIns.byToken(asked.token).then((known) => ({ known, before: null }));
    const shown = await showing.catch((thrown: unknown) => {
      throw signIns.wrongGuess(thrown, request.ip);
    });
    const begun = await signIns.begin(shown, isCode ? 'code' : 'token', request.ip);
    await this.#endFormer(request);
    this.#warn(request);
    return this.#keep(begun, request, reply);
  }

  /** Who is signed in. */
  @Get('session')
  current(): SessionView {
    const caller = this.parts.caller();
    if (caller.session === undefined) throw noSession();
    const { csrf, endsAt } = caller.session;
    return { ...whoAmI(caller), csrf, endsAt };
  }

  @Delete('session')
  @HttpCode(204)
  async end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const caller = this.parts.caller();
    if (caller.session === undefined) throw noSession();
    await this.parts.signIns.end(caller, caller.address);
    reply.header('set-cookie', sessionCookie(request, null));
  }

  /** A code with which the caller, and nobody else, is signed in. */
  @Post('codes')
  @HttpCode(201)
  async code(): Promise<SignInCode> {
    const { code, expiresAt } = await this.parts.signIns.newCode(this.parts.caller());
    // Behind the #: a browser tells it to no server, so it stands in no log.
    return { code, path: `/sign-in#code=${code}`, expiresAt };
  }

  #keep({ secret, view }: BegunSession, request: FastifyRequest, reply: FastifyReply): SessionView {
    const seconds = (Date.parse(view.endsAt) - this.parts.nowMs()) / 1000;
    reply.header('set-cookie', sessionCookie(request, secret, seconds));
    return view;
  }

  /** What the browser forgets now would go on without anybody. */
  async #endFormer(request: FastifyRequest): Promise<void> {
    const { signIns } = this.parts;
    const secret = secretIn(request);
    const former = secret === null ? null : await signIns.bySecret(secret).catch(() => null);
    if (former !== null) await signIns.end(former, request.ip);
  }
}

const noSession = () => unauthorized('Nobody is signed in here.', 'no-session');
