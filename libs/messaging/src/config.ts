/** Where the queues are: Redis (or what speaks its protocol), or a schema in Postgres. */
export type MessagingConfig =
  | { readonly backend: 'redis'; readonly url: string }
  | { readonly backend: 'postgres'; readonly url: string };

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
  /** How many connections the process may open for queue commands on Postgres, apart from one for each consumer. */
  readonly postgresConnections?: number;
}

export const silentLog: MessagingLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Host, port and database for error messages; user and password are left out. */
export function endpointOf(config: MessagingConfig): string {
  const url = URL.parse(config.url);
  if (url === null) return `${config.backend} (the URL cannot be read)`;
  const socket = url.searchParams.get('host');
  return `${config.backend} at ${url.host === '' ? (socket ?? 'a local socket') : url.host}${url.pathname}`;
}
