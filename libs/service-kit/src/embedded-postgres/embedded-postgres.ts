import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BatonError, toError } from '@baton/contracts';
import { Client } from 'pg';
import { freePort, isPortFree } from '../ports.js';
import { findBinaries } from './binaries.js';
import { type Cluster, openCluster } from './cluster.js';
import { claimDirectory } from './owner-claim.js';
import { settlePredecessor, stopPostmaster } from './postmaster.js';
import { sleep } from './process-facts.js';
import { type PostgresExit, type PostgresSettings, type ServerProcess, startServer } from './server-process.js';
import { asSocketDirectories, makeSocketFolder, overSocket } from './socket-folder.js';

export interface EmbeddedPostgresOptions {
  /** The folder that holds everything: the data, the password, the port, the log of the server. Made on first use. */
  readonly dataDir: string;
  /** One line for people, about what the launcher does. The server's own log is `<dataDir>/postgres.log`. */
  readonly log: (line: string) => void;
  /** A fixed port, refused when taken. Without it: the port of last time, or another one when that is taken. */
  readonly port?: number;
  /** Further server settings, such as `{ fsync: 'off' }` for data that may be lost. */
  readonly settings?: PostgresSettings;
  /** How long the server may take to accept connections, recovery after a crash included. Default 120 000 ms. */
  readonly startTimeoutMs?: number;
}

/** A running Postgres that this process owns. */
export interface EmbeddedPostgres {
  /** Connection string of the superuser to the database `baton`; it holds the password. */
  readonly url: string;
  /**
   * The same over a socket of the file system, which costs both ends less, for programs of this user on this machine. The same as
   * `url` where the path of the directory is too long for a socket, or none can be made there, or not be entered.
   */
  readonly localUrl: string;
  readonly port: number;
  readonly pid: number;
  /** Shuts down in order, then ever more firmly, in 20 s at most. Harmless when the server is gone already. */
  stop(): Promise<void>;
  /** Resolves when the server ends, for whatever reason; the directory is then free to be started again. */
  readonly exited: Promise<PostgresExit>;
}

const DATABASE = 'baton';

async function choosePort(directory: string, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (await isPortFree(wanted)) return wanted;
    throw new BatonError(`Port ${wanted} of 127.0.0.1 is taken.`, {
      code: 'port-in-use',
      next: 'Stop the program that listens there, or choose another port for the embedded database.',
    });
  }
  const file = join(directory, 'port');
  const remembered = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN;
  return Number.isInteger(remembered) && (await isPortFree(remembered)) ? remembered : freePort();
}

const urlOf = (cluster: Cluster, port: number, database: string): string =>
  `postgres://postgres:${encodeURIComponent(cluster.password)}@127.0.0.1:${port}/${database}`;

/** Logs in, which proves that the server is ours and the password fits, and makes the database on first use. */
async function prepareDatabase(cluster: Cluster, port: number): Promise<void> {
  const client = new Client({ connectionString: urlOf(cluster, port, 'postgres') });
  client.on('error', () => {}); // A server that dies here also rejects the query below.
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } catch (thrown) {
    throw new BatonError(`The embedded database refuses its own password or query: ${toError(thrown).message}.`, {
      code: 'embedded-postgres-refused',
      next: `Move ${cluster.place} away to begin with an empty database, or set DATABASE_URL.`,
      cause: thrown,
    });
  } finally {
    await client.end();
  }
}

const LOOK_TIMEOUT_MS = 10_000;

/** One that leads to the server, by a login: a folder may be closed to this process, or its file system without sockets. */
async function reachedBy(localUrl: string, url: string, log: (line: string) => void): Promise<string> {
  if (localUrl === url) return url;
  const client = new Client({ connectionString: localUrl, connectionTimeoutMillis: LOOK_TIMEOUT_MS });
  client.on('error', () => {}); // The login that was under way rejects as well.
  try {
    await client.connect();
    return localUrl;
  } catch (thrown) {
    log(`its socket cannot be reached, so services use the port: ${toError(thrown).message}`);
    return url;
  } finally {
    await client.end().catch(() => {}); // It was never there.
  }
}

const START_ATTEMPTS = 40;

/** Starts the server, with another port, without a socket or after a pause where that helps. */
async function launch(
  directory: string,
  options: EmbeddedPostgresOptions,
): Promise<{ server: ServerProcess; cluster: Cluster; port: number; socketFolder: string | null }> {
  const { cluster, binaries } = await openCluster(directory, options.log, findBinaries);
  await settlePredecessor(cluster.data, options.log);
  let socketFolder = makeSocketFolder(cluster, options.log);
  let own = options.settings;
  let report = '';
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const port = await choosePort(directory, options.port);
    const { startTimeoutMs: timeoutMs = 120_000 } = options;
    const settings = { unix_socket_directories: asSocketDirectories(socketFolder), ...own };
    const outcome = await startServer(cluster, binaries, { directory, port, settings, timeoutMs });
    if (outcome.started) return { server: outcome.server, cluster, port, socketFolder };
    report = outcome.report;
    if (outcome.why === 'other') break;
    if (outcome.why === 'no-socket') {
      options.log(`it can have no socket, so services use the port: ${report}`);
      socketFolder = null;
      own = { ...own, unix_socket_directories: '' };
    }
    // Where the children of a killed server cannot be named they get this time to leave.
    if (outcome.why === 'predecessor-lingers') await sleep(500);
  }
  throw new BatonError(`The embedded database did not start: ${report}.`, {
    code: 'embedded-postgres-start-failed',
    next: 'Read that log, or set DATABASE_URL to a Postgres of your own.',
  });
}

/**
 * Starts a real Postgres on data of its own, reachable on the loopback interface and over a socket that only this user may open, and
 * with a generated password on both.
 * One process owns a directory; after a crash of the server or of the owner the next start goes on with the data.
 *
 * Throws BatonError: `embedded-postgres-owned` (another live process has the directory), `embedded-postgres-unsupported` (no
 * Postgres for this platform), `port-in-use` (only for a fixed port), and others named `embedded-postgres-…`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.dataDir);
  const claim = await claimDirectory(directory);
  try {
    mkdirSync(directory, { recursive: true });
    const { server, cluster, port, socketFolder } = await launch(realpathSync(directory), options);
    const exited = server.exited.finally(() => claim.release());
    const stop = async (): Promise<void> => {
      await stopPostmaster(server.pid);
      await exited;
    };
    try {
      await prepareDatabase(cluster, port);
    } catch (thrown) {
      await stop();
      throw thrown;
    }
    if (options.port === undefined) writeFileSync(join(directory, 'port'), `${port}\n`);
    options.log(`Postgres ${server.pid} is ready on 127.0.0.1:${port}`);
    const url = urlOf(cluster, port, DATABASE);
    const localUrl = await reachedBy(overSocket(url, socketFolder), url, options.log);
    return { url, localUrl, port, pid: server.pid, stop, exited };
  } catch (thrown) {
    claim.release();
    throw thrown;
  }
}
