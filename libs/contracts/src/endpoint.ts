import { readUrl } from './read-url.js';

const PORTS: Readonly<Record<string, string>> = {
  'postgres:': '5432',
  'postgresql:': '5432',
  'redis:': '6379',
  'rediss:': '6379',
};

/**
 * Where the URL of a server leads, as host:port/path, for messages to people: never its user or password.
 *
 * @returns null where it cannot be read as the URL of a database or of queues
 */
export function endpointOf(url: string | undefined): string | null {
  const read = readUrl(url ?? '');
  const usual = PORTS[read?.protocol ?? ''];
  if (read === null || usual === undefined) return null;
  const { hostname, port, pathname, searchParams } = read;
  const host = hostname === '' ? (searchParams.get('host') ?? 'a local socket') : `${hostname}:${port || usual}`;
  return `${host}${pathname}`;
}
