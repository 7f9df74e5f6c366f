import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem.js';

/*
 * A page that anybody visits can have its own name lead to 127.0.0.1 (DNS rebinding), and then talks to what listens there. Its
 * requests name its host, though, and its origin: a gateway that listens on the loopback serves only those that name the
 * machine itself, or a name that it was given.
 */

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether what listens there is reached from this machine alone. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** The name of a host without its port, in lower case. */
const nameOf = (host: string): string => host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');

/** Whether a request that says that it goes to this host is meant for us. */
const isKnown = (host: string, names: ReadonlySet<string>): boolean => {
  const name = nameOf(host);
  return names.has(name) || /^127(\.\d{1,3}){3}$/.test(name);
};

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}

/** @param names beside those of the machine itself, under which a proxy or a tunnel leads here */
export function refuseForeignHosts(server: FastifyInstance, names: readonly string[]): void {
  const known = new Set([...LOOPBACK, ...names.map(nameOf)]);
  server.addHook('onRequest', async ({ headers: { host, origin } }) => {
    if (host !== undefined && !isKnown(host, known)) {
      throw new ProblemError('The request is for another host than this gateway serves.', {
        status: 421,
        code: 'host-not-served',
        next: 'Call it by the address that it listens on, or have its operator add the name to BATON_ALLOWED_HOSTS.',
      });
    }
    const from = origin === undefined ? undefined : hostOf(origin);
    if (from === undefined || (from !== null && isKnown(from, known))) return;
    throw new ProblemError('A page of another origin may not use this gateway.', {
      status: 403,
      code: 'origin-not-allowed',
      next: 'Call it from a program, or have its operator add the host of the page to BATON_ALLOWED_HOSTS.',
    });
  });
}
