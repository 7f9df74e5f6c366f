import { readUrl } from './read-url.js';

/*
 * Where a server is, as an operator writes it: a URL, or one with several hosts separated by commas, as Postgres and Redis with
 * its sentinels have them: `postgres://user:password@one:5432,two:5432/baton`. `URL` refuses a comma after a port.
 */

const PARTS = /^([a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/is;

/** One URL for each host of a text, in their order; null where one of them cannot be read. */
export function readServerUrls(text: string): readonly URL[] | null {
  const [, head = '', hosts = '', rest = ''] = PARTS.exec(text) ?? [];
  const urls = hosts.includes(',') ? hosts.split(',').map((host) => readHost(head, host, rest)) : [readUrl(text)];
  return urls.every((url) => url !== null) ? urls : null;
}

const readHost = (head: string, host: string, rest: string): URL | null =>
  host === '' ? null : readUrl(`${head}${host}${rest}`);

/** The same servers for another user. */
export function asUser(text: string, user: string, password: string): string {
  const [, head = '', hosts = '', rest = ''] = PARTS.exec(text) ?? [];
  if (!hosts.includes(',')) {
    const url = new URL(text);
    url.username = user;
    url.password = encodeURIComponent(password);
    return url.href;
  }
  const scheme = head.slice(0, head.indexOf('://') + 3);
  return `${scheme}${encodeURIComponent(user)}:${encodeURIComponent(password)}@${hosts}${rest}`;
}
