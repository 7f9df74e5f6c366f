import { readServerUrls } from './server-url.js';

const PORTS: Readonly<Record<string, string>> = {
  'postgres:': '5432',
  'postgresql:': '5432',
  'redis:': '6379',
  'rediss:': '6379',
  'redis+cluster:': '6379',
  'rediss+cluster:': '6379',
  'redis+sentinel:': '26379',
  'rediss+sentinel:': '26379',
};

/**
 * Where the URL of a server leads, as host:port/path, or as several hosts, for messages to people: never its user or password.
 *
 * @returns null where it cannot be read as the URL of a database or of queues
 */
export function endpointOf(url: string | undefined): string | null {
  const read = readServerUrls(url ?? '');
  const [first] = read ?? [];
  const usual = PORTS[first?.protocol ?? ''];
  if (read === null || first === undefined || usual === undefined) return null;
  const hosts = read.map(({ hostname, port, searchParams }) =>
    hostname === '' ? (searchParams.get('host') ?? 'a local socket') : `${hostname}:${port || usual}`,
  );
  return `${hosts.join(',')}${first.pathname}`;
}
