import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BatonError } from '@baton/contracts';
import { runAs } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { type Cluster, POSTGRES_ENVIRONMENT } from './cluster.js';
import { readPostmasterFile } from './postmaster.js';
import { sleep } from './process-facts.js';

/** How a Postgres process ended. */
export interface PostgresExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  readonly pid: number;
  readonly exited: Promise<PostgresExit>;
}

/** Why a start did not succeed, as far as it matters for what to do next. */
type StartFailure = 'port-taken' | 'no-socket' | 'predecessor-lingers' | 'other';

export type StartOutcome =
  | { readonly started: true; readonly server: ServerProcess }
  | { readonly started: false; readonly why: StartFailure; readonly report: string };

export type PostgresSettings = Readonly<Record<string, string | number>>;

/** Sized for one small machine. */
const SETTINGS: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  max_connections: 200,
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  jit: 'off',
  max_parallel_workers_per_gather: 0,
  io_method: 'sync',
  dynamic_shared_memory_type: 'mmap',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
};

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** Postgres writes its own log: a pipe to us would break when we are killed and it is not. */
function openLog(directory: string): { file: string; fd: number; from: number } {
  const file = join(directory, 'postgres.log');
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  return { file, fd: openSync(file, 'a', 0o600), from: size > LOG_LIMIT_BYTES ? 0 : size };
}

/** Ends Postgres in order if this process disappears: the pipe to the watcher then closes, whatever killed us. */
function watchOverOwner(postgresPid: number, cluster: Cluster): ChildProcess {
  const watcher = spawn(
    '/bin/sh',
    ['-c', 'while read -r line; do :; done; kill -INT "$1"', 'sh', String(postgresPid)],
    {
      ...runAs(cluster.account),
      cwd: '/',
      env: POSTGRES_ENVIRONMENT,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  );
  watcher.on('error', () => {}); // Without a shell the next owner stops the server instead.
  watcher.unref();
  return watcher;
}

/** As on a file system that has none, or in a folder that the server may not write to. */
const NO_SOCKET = /FATAL: .*(could not create any Unix-domain sockets|lock file ".*\.s\.PGSQL\.)/;

function whyItFailed(report: string): StartFailure {
  if (report.includes('could not create any TCP/IP sockets')) return 'port-taken';
  if (NO_SOCKET.test(report)) return 'no-socket';
  if (
    report.includes('pre-existing shared memory block') ||
    report.includes('lock file "postmaster.pid" already exists')
  ) {
    return 'predecessor-lingers';
  }
  return 'other';
}

/** Starts Postgres and waits until it accepts connections, crash recovery included. */
export async function startServer(
  cluster: Cluster,
  binaries: PostgresBinaries,
  options: {
    readonly directory: string;
    readonly port: number;
    readonly settings: PostgresSettings;
    readonly timeoutMs: number;
  },
): Promise<StartOutcome> {
  const log = openLog(options.directory);
  const settings = Object.entries({ ...SETTINGS, ...options.settings, port: options.port });
  const child = spawn(
    binaries.postgres,
    ['-D', cluster.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...runAs(cluster.account),
      cwd: cluster.data,
      env: POSTGRES_ENVIRONMENT,
      stdio: ['ignore', log.fd, log.fd],
      // Ctrl-C reaches the whole foreground group; the database must outlive the services that are told to stop by it.
      detached: true,
    },
  );
  closeSync(log.fd);
  let ended: PostgresExit | null = null;
  const exited = new Promise<PostgresExit>((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  }).then((exit) => {
    ended = exit;
    return exit;
  });
  const { pid } = child;
  const end = performance.now() + options.timeoutMs;
  while (ended === null && pid !== undefined && performance.now() < end) {
    const file = readPostmasterFile(cluster.data);
    if (file?.pid === pid && file.status === 'ready') {
      const watcher = watchOverOwner(pid, cluster);
      return {
        started: true,
        server: { pid, exited: exited.finally(() => watcher.kill('SIGKILL')) },
      };
    }
    await sleep(15);
  }
  const report = readFileSync(log.file).subarray(log.from).toString('utf8');
  if (ended === null && pid !== undefined) {
    child.kill('SIGQUIT');
    await exited;
    throw new BatonError(`The embedded database did not become ready within ${options.timeoutMs / 1000} s.`, {
      code: 'embedded-postgres-slow-start',
      next: `See ${log.file}; start again to go on with its recovery.`,
    });
  }
  return { started: false, why: whyItFailed(report), report: `${lastFatal(report)} (${log.file})` };
}

/** The line that tells the reason, without its time stamp. */
function lastFatal(report: string): string {
  const lines = report.trim().split('\n');
  const line = lines.findLast((each) => /FATAL|PANIC/.test(each)) ?? lines.at(-1) ?? '';
  return line.replace(/^.*?(FATAL|PANIC):\s*/, '').trim();
}
