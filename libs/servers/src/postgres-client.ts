import { BatonError, endpointOf, readServerUrls, toError } from '@baton/contracts';
import pg from 'pg';

/*
 * DATABASE_URL may name several hosts, as libpq has it: `postgres://user:password@one:5432,two:5432/baton`. One of them is the
 * primary and the others follow it; which one changes at a failover. The driver knows one host, so who connects looks at all of
 * them first, and goes where something can be written. `target_session_attrs` is `read-write`, also where it is not said.
 */

const LOOK_TIMEOUT_MS = 2_000;
const WANTED = ['read-write', 'primary', 'any'];
/** SQLSTATE read_only_sql_transaction: what a server says that would not write. */
const READ_ONLY = '25006';

interface Host {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** What a pool or a client is made with. */
export interface PostgresTarget {
  readonly connectionString: string;
  /** Where there are several hosts. */
  readonly Client?: new (
    options?: pg.ClientConfig,
  ) => pg.Client;
}

/** @throws BatonError `database-url-invalid`, which does not show the URL */
export function postgresTarget(text: string): PostgresTarget {
  const urls = readServerUrls(text);
  const [first, ...others] = urls ?? [];
  const wanted = first?.searchParams.get('target_session_attrs') ?? null;
  if (wanted !== null && !WANTED.includes(wanted)) throw unwanted(wanted);
  // The driver's own way to read it has forms that no URL has, and its own errors for what is none.
  if (first === undefined || (others.length === 0 && wanted === null)) return { connectionString: text };
  const hosts = [first, ...others].map((url): Host => {
    url.searchParams.delete('target_session_attrs');
    return { url: url.href, host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port || 5432) };
  });
  return { connectionString: first.href, Client: clientTo(hosts, wanted === 'any') };
}

const unwanted = (wanted: string): BatonError =>
  new BatonError(`The URL of the database asks for target_session_attrs=${wanted}, where Baton has to write.`, {
    code: 'database-url-invalid',
    next: 'Write target_session_attrs=read-write, or leave it out.',
  });

/** A client to what a URL leads to, not yet connected. */
export function postgresClient(url: string, options: Omit<pg.ClientConfig, 'connectionString'>): pg.Client {
  const { connectionString, Client = pg.Client } = postgresTarget(url);
  return new Client({ ...options, connectionString });
}

type Connected = ((error: Error) => void) | ((error: null, client: pg.Client) => void);

function clientTo(hosts: readonly Host[], isAnyRight: boolean): new (options?: pg.ClientConfig) => pg.Client {
  const primary = new Primary(hosts, isAnyRight);
  return class extends pg.Client {
    override connect(): Promise<pg.Client>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<pg.Client> | undefined {
      const connected = this.#connect();
      if (callback === undefined) return connected;
      connected.then(
        () => Reflect.apply(callback, undefined, [null, this]),
        (thrown: unknown) => Reflect.apply(callback, undefined, [toError(thrown)]),
      );
      return undefined;
    }

    async #connect(): Promise<pg.Client> {
      const { host, port } = await primary.find();
      Object.assign(this, { host, port });
      try {
        await super.connect();
        if (!isAnyRight && !(await isWritable(this))) throw readOnly([`${host}:${port}`]);
        return this;
      } catch (thrown) {
        primary.forget();
        await this.end().catch(() => {});
        throw thrown;
      }
    }
  };
}

/** Which of the hosts was the primary when somebody looked last. */
class Primary {
  readonly #hosts: readonly Host[];
  readonly #isAnyRight: boolean;
  #known: Host | null = null;
  #looking: Promise<Host> | null = null;

  constructor(hosts: readonly Host[], isAnyRight: boolean) {
    this.#hosts = hosts;
    this.#isAnyRight = isAnyRight;
  }

  async find(): Promise<Host> {
    if (this.#known !== null) return this.#known;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    this.#known = await this.#looking;
    return this.#known;
  }

  forget(): void {
    this.#known = null;
  }

  async #look(): Promise<Host> {
    const looks = this.#hosts.map(async (host) => {
      if (await answersAsWanted(host, this.#isAnyRight)) return host;
      throw readOnly([`${host.host}:${host.port}`]);
    });
    try {
      return await Promise.any(looks);
    } catch (thrown) {
      const errors = thrown instanceof AggregateError ? thrown.errors.map(toError) : [toError(thrown)];
      // That one of them answers and only reads says more than that the others are away.
      const only = errors.filter((error) => 'code' in error && error.code === READ_ONLY);
      throw only.length > 0 ? readOnly(this.#hosts.map(({ host, port }) => `${host}:${port}`)) : (errors[0] ?? thrown);
    }
  }
}

async function answersAsWanted({ url }: Host, isAnyRight: boolean): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: LOOK_TIMEOUT_MS,
    query_timeout: LOOK_TIMEOUT_MS,
    application_name: 'baton-finds-primary',
  });
  client.on('error', () => {
    // The query that was under way rejects as well.
  });
  try {
    await client.connect();
    return isAnyRight || (await isWritable(client));
  } finally {
    client.end().catch(() => {});
  }
}

/** Whether a transaction could write. On a standby it cannot, whatever its settings say. */
export async function isWritable(client: Pick<pg.Client, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ read_only: string }>(
    `select current_setting('transaction_read_only') as read_only`,
  );
  return rows[0]?.read_only === 'off';
}

/** As the server says it of a statement. */
const readOnly = (where: readonly string[]): Error =>
  Object.assign(new Error(`only reads: ${where.join(', ')}`), { code: READ_ONLY });

/** Whether a server refused something because it only reads; also where somebody gave that another name. */
export const isReadOnlyRefusal = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (('code' in thrown && thrown.code === READ_ONLY) || (thrown.cause !== undefined && isReadOnlyRefusal(thrown.cause)));

/** Where it is, for messages: see `endpointOf`. */
export const placeOf = (url: string): string => endpointOf(url) ?? 'the address in DATABASE_URL';
