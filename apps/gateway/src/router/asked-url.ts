import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../http/problem.js';

/**
 * What is asked for: its path and its query count. A target may name a host (`//host/x`, `http://host/x`, `/\host/x`), and the one
 * it names is nobody's that the router asks: whoever reads the target against the address of a shard goes there instead.
 *
 * @throws ProblemError 400
 */
export function askedUrl({ url = '/' }: Pick<IncomingMessage, 'url'>): URL {
  const asked = URL.parse(url, 'http://router');
  if (asked !== null) return asked;
  throw new ProblemError('The target of the request cannot be read.', {
    status: 400,
    code: 'invalid-target',
    next: 'Ask for a path that begins with one slash.',
  });
}

/** Where a server has what is asked for. Set, and not put together: a path may begin with what reads as a host. */
export function askedOf(server: string, { pathname, search }: Pick<URL, 'pathname' | 'search'>): URL {
  const target = new URL(server);
  target.pathname = pathname;
  target.search = search;
  return target;
}
