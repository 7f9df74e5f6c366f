import { Cluster, Redis } from 'ioredis';
import { type RedisPlace, readRedisPlace } from './redis-place.js';

/** A connection to a Redis, or those to the nodes of a cluster. */
export type RedisClient = Redis | Cluster;

/** Of what ioredis can be told. */
export interface RedisSettings {
  readonly connectionName?: string;
  readonly connectTimeout?: number;
  readonly commandTimeout?: number;
  /** A connection that says nothing for so long, while something was asked, is given up. */
  readonly socketTimeout?: number;
  /** Null: a request waits for as long as it takes. */
  readonly maxRetriesPerRequest?: number | null;
  readonly enableOfflineQueue?: boolean;
  readonly lazyConnect?: boolean;
  /** How long to wait before the next try; null gives up. */
  readonly retryStrategy?: (times: number) => number | null;
  readonly reconnectOnError?: (error: Error) => boolean;
}

/** A name that is asked once must not take for ever where no sentinel answers: the next try comes by itself. */
const SENTINEL_TIMEOUT_MS = 2_000;
/** What is asked while a replica is being made a primary is asked again, for about as long as a command waits elsewhere. */
const RETRY_ON_FAILOVER_MS = 100;

/** What ioredis takes for one server, or for one that sentinels know of. */
export function redisOptions(place: RedisPlace, settings: RedisSettings) {
  const [{ host, port }] = place.hosts;
  const tls = place.tls === null ? {} : { tls: place.tls };
  const shared = { ...settings, ...place.login, ...tls, db: place.database };
  if (place.kind !== 'sentinel') return { ...shared, host, port };
  const { username, password } = place.sentinelLogin;
  return {
    ...shared,
    sentinels: place.hosts.map((each) => ({ ...each })),
    name: place.name,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(place.tls === null ? {} : { enableTLSForSentinelMode: true, sentinelTLS: place.tls }),
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
    // Gives up at once where the connection itself would.
    ...(settings.retryStrategy?.(1) === null ? { sentinelRetryStrategy: () => null } : {}),
  };
}

/**
 * Opens what a URL leads to. With `lazyConnect` it connects by `connect` or by the first command.
 *
 * @throws BatonError `queue-url-invalid`, `certificate-unreadable`
 */
export function redisClient(url: string, settings: RedisSettings): RedisClient {
  const place = readRedisPlace(url);
  if (place.kind !== 'cluster') return new Redis(redisOptions(place, settings));
  const { retryStrategy, enableOfflineQueue, lazyConnect, reconnectOnError: _, ...ofNodes } = settings;
  return new Cluster(
    place.hosts.map((each) => ({ ...each })),
    {
      ...(retryStrategy === undefined ? {} : { clusterRetryStrategy: retryStrategy }),
      ...(enableOfflineQueue === undefined ? {} : { enableOfflineQueue }),
      ...(lazyConnect === undefined ? {} : { lazyConnect }),
      retryDelayOnFailover: RETRY_ON_FAILOVER_MS,
      retryDelayOnClusterDown: RETRY_ON_FAILOVER_MS,
      // Certificates are made out to names, and nodes tell their addresses.
      ...(place.tls === null ? {} : { dnsLookup: (address, callback) => callback(null, address) }),
      redisOptions: { ...ofNodes, ...place.login, ...(place.tls === null ? {} : { tls: place.tls }) },
    },
  );
}

/** The connections to each server that takes what is written; the one itself where it is no cluster. */
export const primariesOf = (client: RedisClient): readonly Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client];

/** The connections to each server, also to replicas of a cluster. */
export const serversOf = (client: RedisClient): readonly Redis[] =>
  client instanceof Cluster ? client.nodes('all') : [client];
