import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { cookieIn, cookieOf } from '../http/cookies.js';
import { ProblemError } from '../http/problem.js';
import { sha256Of } from './key-format.js';

/*
 * The secret of a session is in a cookie that no script can read. What a request changes needs a second thing, which only a page
 * of this origin can know: a MAC under the secret, told to it in the body of an answer.
 */

const SECRET_BYTES = 32;
const SECRET = /^[\w-]{43}$/;

/** 256 bits, so that a fast hash is enough for what is kept of it. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** By its prefix a browser takes it from this host alone, over TLS, for all paths. */
export const cookieName = (name: string, isSecure: boolean): string => (isSecure ? `__Host-${name}` : name);

const nameFor = (isSecure: boolean): string => cookieName('baton_session', isSecure);

/** Whether the browser came by TLS, to here or to a proxy that is believed. */
export const isSecure = ({ protocol }: Pick<FastifyRequest, 'protocol'>): boolean => protocol === 'https';

/** The secret that came with a request; null where there is none. */
export function secretIn(request: FastifyRequest): string | null {
  const value = cookieIn(request.headers.cookie, nameFor(isSecure(request)));
  return value !== null && SECRET.test(value) ? value : null;
}

/** @param secret null: what was kept is forgotten */
export const sessionCookie = (request: FastifyRequest, secret: string | null, maxAgeS = 0): string =>
  cookieOf(nameFor(isSecure(request)), secret ?? '', {
    path: '/',
    maxAgeS: secret === null ? 0 : maxAgeS,
    isSecure: isSecure(request),
    sameSite: 'Strict',
  });

export const csrfOf = (secret: string): string => createHmac('sha256', secret).update('baton csrf').digest('base64url');

/**
 * A page of another port or name of the same site has the cookie sent, too. It reads no answer, but it could keep the gateway busy
 * with looking, or have files kept.
 *
 * @throws ProblemError 403 where a request does not come from a page of this origin
 */
export function refuseForgery(request: FastifyRequest, csrf: string): void {
  refuseForeignPage(request);
  if (['GET', 'HEAD'].includes(request.method)) return;
  const given = request.headers['x-baton-csrf'];
  if (typeof given === 'string' && timingSafeEqual(sha256Of(given), sha256Of(csrf))) return;
  throw forged('The request lacks the header x-baton-csrf with the value of this session.');
}

/** A browser that says whence a request comes is believed. @throws ProblemError 403 */
export function refuseForeignPage({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw forged('The request comes from a page of another origin.');
}

const forged = (detail: string): ProblemError =>
  new ProblemError(detail, {
    status: 403,
    code: 'csrf',
    next: 'Send what GET /v1/auth/session has as csrf, from a page of this origin; programs send a bearer token instead.',
  });
