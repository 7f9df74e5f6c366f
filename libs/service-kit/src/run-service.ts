import { BatonError, describeError, RetryableError, TerminalError, toError } from '@baton/contracts';
import { readSecrets, readServiceEnv, type ServiceEnv } from './env.js';
import { createHealth, type Health, serveHealth } from './health.js';
import { createLogger, type Logger } from './logger.js';
import { assertNodeOfServices } from './node-version.js';
import { onParentGone } from './parent-watch.js';
import { stackInSources } from './stack-in-sources.js';
import { openTelemetry, type Registry } from './telemetry.js';

export interface ServiceContext {
  readonly log: Logger;
  /** Checks added here answer on `/readyz`, when BATON_HEALTH_PORT is set and for whoever else asks `report()`. */
  readonly health: Health;
  /** What it counts, for `/metrics` beside the health checks; absent where nobody looks. */
  readonly register?: Registry;
  /** Whether the environment asks for traces. Absent: no. */
  readonly isTracing?: boolean;
  /** Aborted when the service is told to stop, also while it is still starting. */
  readonly signal: AbortSignal;
  /** Stops the process after a failure that the service cannot live with; a BatonError is told in one line. */
  readonly fail: (error: Error) => void;
}

export interface RunningService {
  stop(): Promise<void>;
}

export interface ServiceOptions {
  /** Such as `planner`: the name in logs. */
  readonly name: string;
  /** Resolves when the service is at work. What it throws ends the process. */
  readonly start: (context: ServiceContext) => Promise<RunningService>;
  /** How long a stop may take before the process exits anyway, with code 1. Default 10 000 ms. */
  readonly stopTimeoutMs?: number;
}

/** Standard error is for people: an expected failure is one line, a bug shows where it happened. */
function tellFailure(name: string, error: Error): void {
  const text = error instanceof BatonError ? describeError(error) : stackInSources(error.stack ?? error.message);
  process.stderr.write(readSecrets()(`baton ${name}: ${text}\n`));
}

/** The exit code of a service that could not go on but may at another try (EX_TEMPFAIL of sysexits.h). */
export const EXIT_TRY_AGAIN = 75;

/** The exit code of a service that another try cannot help, because its settings are refused (EX_CONFIG of sysexits.h). */
export const EXIT_REFUSED = 78;

const isRefused = (error: Error): boolean =>
  error instanceof TerminalError || (error instanceof BatonError && error.code === 'invalid-environment');

function exitWithFailure(name: string, error: Error): never {
  tellFailure(name, error);
  if (isRefused(error)) process.exit(EXIT_REFUSED);
  process.exit(error instanceof RetryableError ? EXIT_TRY_AGAIN : 1);
}

/** For what is left to be sent at a stop: a collector that is away must not make it long. */
const LAST_SPANS_MS = 1_000;

/** One Ctrl-C often comes twice: from the terminal, and passed on by npm. */
const REPEAT_MS = 1_000;

const afterMs = (ms: number): Promise<'late'> => new Promise((resolve) => setTimeout(resolve, ms, 'late' as const));

/**
 * Runs a service process: read the environment, start, work until SIGTERM, SIGINT or the end of its supervisor, stop in
 * order within a bound, exit. Exit code 0 after a stop that was asked for, 75 after a RetryableError, 78 after a TerminalError or settings that are wrong, else 1. A second signal, a second later, exits at once.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  const { name, stopTimeoutMs = 10_000 } = options;
  process.on('uncaughtException', (thrown) => exitWithFailure(name, toError(thrown)));
  process.on('unhandledRejection', (thrown) => exitWithFailure(name, toError(thrown)));
  try {
    assertNodeOfServices(process.versions.node);
    await live(options, readServiceEnv(), stopTimeoutMs);
  } catch (thrown) {
    exitWithFailure(name, toError(thrown));
  }
}

async function live(options: ServiceOptions, env: ServiceEnv, stopTimeoutMs: number): Promise<void> {
  const { telemetry, register, idsOfWork } = await openTelemetry(options.name);
  const isTracing = telemetry?.traces === true;
  const log = createLogger({ name: options.name, level: env.BATON_LOG, ...(isTracing ? { idsOfWork } : {}) });
  const health = createHealth();
  const stopping = new AbortController();
  let starting: Promise<RunningService> | null = null;
  let askedAt = Number.POSITIVE_INFINITY;
  const stop = async (why: string): Promise<void> => {
    if (performance.now() - askedAt > REPEAT_MS) process.exit(1);
    if (stopping.signal.aborted) return;
    askedAt = performance.now();
    log.info({ why }, 'stopping');
    health.setPhase('stopping');
    stopping.abort();
    // A start that fails because it is told to stop has nothing left to stop.
    const service = await Promise.race([starting?.catch(() => null), afterMs(stopTimeoutMs)]);
    const outcome = service === 'late' ? service : await Promise.race([service?.stop(), afterMs(stopTimeoutMs)]);
    await telemetry?.stop(LAST_SPANS_MS);
    if (outcome === 'late') log.error({ stopTimeoutMs }, 'did not stop in time');
    process.exit(outcome === 'late' ? 1 : 0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  onParentGone(env.BATON_PARENT_PID, () => {
    if (!stopping.signal.aborted) void stop('the supervisor has gone');
  });

  if (env.BATON_HEALTH_PORT !== undefined) {
    await serveHealth(health, env.BATON_HEALTH_HOST, env.BATON_HEALTH_PORT, register);
  }
  const fail = (error: Error): void => exitWithFailure(options.name, error);
  try {
    starting = options.start({ log, health, register, isTracing, signal: stopping.signal, fail });
    await starting;
  } catch (thrown) {
    if (stopping.signal.aborted) return;
    throw thrown;
  }
  if (stopping.signal.aborted) return;
  health.setPhase('running');
  // Whoever started it with a channel need not ask again and again; one that has gone meanwhile is no failure.
  process.send?.('ready', undefined, undefined, () => {});
  log.info('ready');
}
