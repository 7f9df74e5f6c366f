import { timingSafeEqual } from 'node:crypto';
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256Of } from '../auth/key-format.js';
import { limitExchanges } from '../auth/limit-exchanges.js';
import { type OidcClient, type OidcJourney, oidcRefused } from '../auth/oidc-client.js';
import { cookieName, isSecure, sessionCookie } from '../auth/session-cookie.js';
import { warnOfUnseenTls } from '../auth/unseen-tls.js';
import { cookieIn, cookieOf } from '../http/cookies.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { OidcCallbackQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';

const COOKIE = 'baton_oidc';
const PATH = '/v1/auth/oidc';
/** How long somebody may take at the provider. */
const JOURNEY_S = 600;
const JOURNEY = /^([\w-]{43})\.([\w-]{43})\.([\w-]{43})$/;

/** Signing in at the identity provider: there, and back. */
@Controller('v1/auth/oidc')
export class OidcController {
  readonly #exchanges = limitExchanges(() => performance.now());
  readonly #warn: ReturnType<typeof warnOfUnseenTls>;

  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {
    this.#warn = warnOfUnseenTls(parts.log);
  }

  @Get('start')
  async start(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { address, journey } = await this.#client().begin(this.#redirectUri(request));
    const { state, nonce, verifier } = journey;
    const kept = cookieFor(request, [state, nonce, verifier].join('.'), JOURNEY_S);
    await reply.status(303).headers({ location: address, 'set-cookie': kept }).send();
  }

  @Get('callback')
  async callback(@Query() query: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const client = this.#client();
    const { code, state, error, iss } = parseParameters(OidcCallbackQuery, query);
    const journey = journeyOf(request);
    if (journey === null || state === undefined || !isSame(state, journey.state)) throw notBegun();
    if (iss !== undefined && iss !== client.issuer)
      throw oidcRefused('Another identity provider answered than was asked.');
    if (code === undefined)
      throw oidcRefused(`The identity provider did not sign you in${error === undefined ? '' : ` (${error})`}.`);
    const { signIns } = this.parts;
    const exchange = () => client.finish(this.#redirectUri(request), journey, code);
    const known = await this.#exchanges.within(request.ip, exchange).catch((thrown: unknown) => {
      throw signIns.wrongGuess(thrown, request.ip);
    });
    this.#warn(request);
    const { secret, view } = await signIns.begin({ known, before: null }, 'oidc', request.ip);
    const seconds = (Date.parse(view.endsAt) - this.parts.nowMs()) / 1000;
    const cookies = [sessionCookie(request, secret, seconds), cookieFor(request, '', 0)];
    await reply.status(303).headers({ location: '/', 'set-cookie': cookies }).send();
  }

  #client(): OidcClient {
    const client = this.parts.users?.client ?? null;
    if (client !== null) return client;
    throw new ProblemError('Nobody signs in at an identity provider here.', {
      status: 404,
      code: 'no-oidc',
      next: 'Sign in with a key or a link; whoever operates Baton can set BATON_OIDC_CLIENT_ID.',
    });
  }

  /** As the provider has to know it. */
  #redirectUri({ protocol, host }: FastifyRequest): string {
    return `${this.parts.publicUrl ?? `${protocol}://${host}`}${PATH}/callback`;
  }
}

/**
 * `Lax`, since it is the provider that leads back here. Over TLS for all paths, as its prefix wants: whoever could set it from a
 * neighbouring name would have somebody come back signed in as them.
 */
function cookieFor(request: FastifyRequest, value: string, maxAgeS: number): string {
  const isTls = isSecure(request);
  return cookieOf(cookieName(COOKIE, isTls), value, {
    path: isTls ? '/' : PATH,
    maxAgeS,
    isSecure: isTls,
    sameSite: 'Lax',
  });
}

function journeyOf(request: FastifyRequest): OidcJourney | null {
  const kept = cookieIn(request.headers.cookie, cookieName(COOKIE, isSecure(request)));
  const [, state, nonce, verifier] = JOURNEY.exec(kept ?? '') ?? [];
  return state === undefined || nonce === undefined || verifier === undefined ? null : { state, nonce, verifier };
}

const isSame = (a: string, b: string): boolean => timingSafeEqual(sha256Of(a), sha256Of(b));

const notBegun = (): ProblemError =>
  new ProblemError('This sign-in was not begun in this browser, or longer than ten minutes ago.', {
    status: 401,
    code: 'sign-in-not-begun',
    next: 'Begin again on the page of the dashboard.',
  });
