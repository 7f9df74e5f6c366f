import type { Logger } from '@baton/service-kit';
import type { FastifyRequest } from 'fastify';
import { isSecure } from './session-cookie.js';

export const UNSEEN_TLS =
  'browsers come by TLS to a proxy that is not trusted to say so: their cookies go without Secure. Name the proxy in BATON_TRUSTED_PROXIES';

/** Whether the settings say that people come by TLS, and that nobody is believed who could tell. */
export const isTlsUnbelieved = ({
  BATON_PUBLIC_URL: url,
  BATON_TRUSTED_PROXIES: proxies,
}: {
  readonly BATON_PUBLIC_URL?: string | undefined;
  readonly BATON_TRUSTED_PROXIES: readonly string[];
}): boolean => url?.startsWith('https:') === true && proxies.length === 0;

type Asked = Pick<FastifyRequest, 'protocol' | 'headers'>;

/** Whether somebody on the way says that the browser came by TLS, and is not believed. */
export const isTlsUnseen = (request: Asked): boolean =>
  !isSecure(request) &&
  (/^https\b/i.test(textOf(request.headers['x-forwarded-proto'])) ||
    /\bproto="?https\b/i.test(textOf(request.headers.forwarded)));

const textOf = (header: string | readonly string[] | undefined): string => [header ?? ''].flat().join(',');

/** Warns of the first such sign-in, and of no other: it is the same for all of them. */
export function warnOfUnseenTls(log: Pick<Logger, 'warn'>): (request: Asked & Pick<FastifyRequest, 'ip'>) => void {
  let isSaid = false;
  return (request) => {
    if (isSaid || !isTlsUnseen(request)) return;
    isSaid = true;
    log.warn({ proxy: request.ip }, UNSEEN_TLS);
  };
}
