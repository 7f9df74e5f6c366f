import { BatonError, type CutSecrets, endpointOf, readServerUrls } from '@baton/contracts';
import { readRedisPlace } from '@baton/servers';

/** Where the queues are: Redis (or what speaks its protocol), or a schema in Postgres. */
export interface MessagingConfig {
  readonly backend: 'redis' | 'postgres';
  readonly url: string;
  /** Sends everything through the door that only Baton's own processes look at: where every reader is one of them. */
  readonly via?: 'own-door';
}

/** The part of a pino logger that messaging uses. */
export interface MessagingLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface MessagingOptions {
  /** Names the process in the server's list of connections. */
  readonly name: string;
  readonly log?: MessagingLog;
  /** Cuts the secrets of the process out of every message that it sends or takes; without it they go as they are. */
  readonly cut?: CutSecrets;
  /** How many connections the process may open for queue commands on Postgres, apart from one for each consumer. */
  readonly postgresConnections?: number;
}

export const silentLog: MessagingLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const POSTGRES = ['postgres:', 'postgresql:'];

/**
 * @throws BatonError `queue-url-invalid`; the URL is not shown, because it may hold a password. `certificate-unreadable` where it
 * names a file
 */
export function assertUrl(config: MessagingConfig): void {
  if (config.backend === 'redis') {
    readRedisPlace(config.url);
    return;
  }
  if (readServerUrls(config.url)?.every(({ protocol }) => POSTGRES.includes(protocol)) === true) return;
  throw new BatonError('The URL of the postgres queues cannot be read.', {
    code: 'queue-url-invalid',
    next: 'Write it like postgres://user:password@localhost:5432/baton.',
  });
}

/** The kind of the server and where it is, for error messages; user and password are left out. */
export function queueServerOf(config: MessagingConfig): string {
  const endpoint = endpointOf(config.url);
  return `${config.backend} ${endpoint === null ? '(the URL cannot be read)' : `at ${endpoint}`}`;
}
