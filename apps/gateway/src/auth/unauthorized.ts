import { ProblemError } from '../http/problem.js';

/** A refusal of whoever could not prove who they are. */
export const unauthorized = (detail: string, code = 'unauthorized'): ProblemError =>
  new ProblemError(detail, {
    status: 401,
    code,
    next: 'Send the header Authorization: Bearer <token> with the BATON_TOKEN the gateway was started with, which `baton up` writes to .baton/env, or with a key of `baton auth key create`.',
    headers: { 'www-authenticate': 'Bearer realm="baton"' },
  });
