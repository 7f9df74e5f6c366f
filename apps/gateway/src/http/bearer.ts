import { createHash, timingSafeEqual } from 'node:crypto';
import { ProblemError } from './problem.js';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Checks the header `Authorization: Bearer <token>`. Hashes are compared, in constant time: the time an answer takes
 * says neither how long the token is nor how much of a guess was right.
 *
 * @throws ProblemError 401
 */
export function bearerCheck(token: string): (authorization: string | undefined) => void {
  const expected = sha256(token);
  return (authorization) => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) throw unauthorized('This address needs a token.');
    if (!timingSafeEqual(sha256(given), expected)) throw unauthorized('The token is not the right one.');
  };
}

const unauthorized = (detail: string): ProblemError =>
  new ProblemError(detail, {
    status: 401,
    code: 'unauthorized',
    next: 'Send the header Authorization: Bearer <token> with the BATON_TOKEN the gateway was started with; `baton up` writes it to .baton/env.',
    headers: { 'www-authenticate': 'Bearer realm="baton"' },
  });
