import type { ConnectionOptions } from 'node:tls';
import { BatonError, readServerUrls } from '@baton/contracts';
import { tlsOf } from './server-tls.js';

/*
 * How REDIS_URL is written:
 *
 *   redis://user:password@host:6379/0                    one server; rediss:// is with TLS
 *   redis+sentinel://user:password@one,two:26379/name/0  sentinels, which know where the primary `name` is. User and password are
 *                                                        those of Redis; the sentinels' own are the parameters
 *                                                        sentinel_username and sentinel_password
 *   redis+cluster://user:password@one:7000,two:7000      some nodes of a cluster, which know the others
 *
 * rediss+sentinel:// and rediss+cluster:// are with TLS, to every node and sentinel; for certificates see `tlsOf`.
 */

interface Address {
  readonly host: string;
  readonly port: number;
}

interface Login {
  readonly username?: string;
  readonly password?: string;
}

/** Where a Redis is, and as whom it is asked. */
export interface RedisPlace {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** Servers, sentinels or nodes. */
  readonly hosts: readonly [Address, ...Address[]];
  /** What the sentinels call the primary; empty elsewhere. */
  readonly name: string;
  readonly database: number;
  readonly login: Login;
  readonly sentinelLogin: Login;
  /** Null: without TLS. */
  readonly tls: ConnectionOptions | null;
}

const KINDS = { 'redis:': 'single', 'redis+sentinel:': 'sentinel', 'redis+cluster:': 'cluster' } as const;

const REDIS_EXAMPLES =
  'redis://localhost:6379, rediss://… with TLS, redis+sentinel://one:26379,two:26379/mymaster or redis+cluster://one:7000,two:7000';

const invalid = (how: string): BatonError =>
  new BatonError(`The URL of the redis queues cannot be read${how}.`, {
    code: 'queue-url-invalid',
    next: `Write it like ${REDIS_EXAMPLES}.`,
  });

/** @throws BatonError `queue-url-invalid`, which does not show the URL, `certificate-unreadable` */
export function readRedisPlace(text: string): RedisPlace {
  const urls = readServerUrls(text);
  const url = urls?.[0];
  if (urls === null || url === undefined) throw invalid('');
  const protocol = url.protocol.replace(/^rediss/, 'redis');
  const kind = Object.entries(KINDS).find(([each]) => each === protocol)?.[1];
  if (kind === undefined) throw invalid(': it is no Redis');
  if (kind === 'single' && urls.length > 1) throw invalid(': several hosts are for sentinels or a cluster');
  const usual = kind === 'sentinel' ? 26_379 : 6_379;
  const addresses = urls.map(({ hostname, port }) => ({ host: bare(hostname), port: Number(port || usual) }));
  const [first = { host: 'localhost', port: usual }, ...others] = addresses;
  const path = url.pathname.split('/').filter((part) => part !== '');
  const name = kind === 'sentinel' ? decoded(path.shift() ?? '') : '';
  if (kind === 'sentinel' && name === '') throw invalid(': after the sentinels comes the name of the primary');
  const database = Number(path[0] ?? 0);
  if (path.length > 1 || !Number.isInteger(database)) throw invalid(': a database is a number');
  if (kind === 'cluster' && database !== 0) throw invalid(': a cluster has no databases');
  return {
    kind,
    hosts: [first, ...others],
    name,
    database,
    login: loginOf(decoded(url.username), decoded(url.password)),
    sentinelLogin: loginOf(
      url.searchParams.get('sentinel_username') ?? '',
      url.searchParams.get('sentinel_password') ?? '',
    ),
    tls: url.protocol.startsWith('rediss') ? tlsOf(url.searchParams) : null,
  };
}

const bare = (host: string): string => (host === '' ? 'localhost' : host.replace(/^\[(.*)\]$/, '$1'));

const loginOf = (username: string, password: string): Login => ({
  ...(username === '' ? {} : { username }),
  ...(password === '' ? {} : { password }),
});

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
