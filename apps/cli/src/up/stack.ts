import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError } from '@baton/contracts';
import { freePort, isPortFree, startEmbeddedPostgres } from '@baton/service-kit';
import { writeEnvFile } from '../env-file.js';
import { type Environment, ROOT } from '../environment.js';
import { Interrupted } from '../exit-codes.js';
import { type Database, EmbeddedDatabase, foreignDatabase } from './database.js';
import { homePaths, localToken, prepareHome } from './home.js';
import { claimHome } from './home-owner.js';
import { localPasswords, passwordVariables, urlsOf, writeServiceEnvFiles } from './logins.js';
import { metricsTargets } from './metrics-targets.js';
import { migrate } from './migrate.js';
import { secretVariables } from './request-secrets.js';
import { RotatingLog } from './rotating-log.js';
import { serviceOutput } from './service-output.js';
import { launchOf, SERVICES, type ServiceName, urlOf } from './services.js';
import { writeShim } from './shim.js';
import { Supervisor } from './supervisor.js';

export interface StackOptions {
  readonly env: Environment;
  readonly services: readonly ServiceName[];
  /** 0: any free port. */
  readonly port: number;
  /** Lines for people: what is being started, what died and came back. */
  onNews(line: string): void;
  /** Told every log line of every service as JSON, where wanted. */
  readonly onJsonLine: ((line: string) => void) | null;
  /** Gives up the start. */
  readonly interrupted: AbortSignal;
  /** Kills what is still stopping. */
  readonly hurried: AbortSignal;
  nowMs(): number;
}

/** A running stack. */
export interface Stack {
  /** Null where no gateway was asked for. */
  readonly url: string | null;
  readonly token: string;
  /** Rejects never; resolves with the reason when the stack cannot go on. It then still has to be stopped. */
  readonly failed: Promise<Error>;
  /** The first call stops everything in order; later ones wait for the same end. */
  stop(): Promise<void>;
}

/** A former supervisor that was killed may leave services that need a moment to notice. */
const PORT_PATIENCE_MS = 1_500;
const START_TIMEOUT_MS = 120_000;

async function awaitPort(host: string, port: number): Promise<void> {
  const end = performance.now() + PORT_PATIENCE_MS;
  while (!(await isPortFree(port, host))) {
    if (performance.now() > end) {
      throw new BatonError(`Port ${port} on ${host} is in use by another program.`, {
        code: 'port-in-use',
        next: 'Stop that program, or choose another port, such as BATON_PORT=4500.',
      });
    }
    await sleep(100);
  }
}

/** Undoes what was begun, the latest first. */
class Undo {
  readonly #steps: (() => Promise<void> | void)[] = [];
  #done: Promise<void> | null = null;

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  run(): Promise<void> {
    this.#done ??= (async () => {
      for (const step of this.#steps.toReversed()) await step();
    })();
    return this.#done;
  }
}

/**
 * Starts the stack and resolves when all of it is ready. Throws BatonError, or Interrupted, and then has left nothing running.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const undo = new Undo();
  try {
    return await start(options, undo);
  } catch (thrown) {
    await undo.run();
    throw thrown;
  }
}

async function start(options: StackOptions, undo: Undo): Promise<Stack> {
  const { env, interrupted } = options;
  const { home } = env;
  const { promise: failed, resolve: fail } = Promise.withResolvers<Error>();
  const stopped = whenAborted(interrupted);
  const secrets = await secretVariables(env.all);
  const orFail = <T>(step: Promise<T>): Promise<T> => Promise.race([step, failed.then(rethrow), stopped.then(giveUp)]);

  await prepareHome(home);
  const hasGateway = options.services.includes('gateway');
  const port = options.port === 0 ? await freePort(env.BATON_HOST) : options.port;
  const url = hasGateway ? urlOf(env.BATON_HOST, port) : null;
  // The home comes before the port: that a port is taken by the very stack one wants to start again is no news.
  const claim = claimHome(home, url, options.services);
  undo.add(() => claim.release());
  if (hasGateway) await awaitPort(env.BATON_HOST, port);
  const token = env.BATON_TOKEN ?? (await localToken(home));

  const database = await openDatabase(options, fail);
  undo.add(() => database.stop());
  if (interrupted.aborted) giveUp();
  const log = openLogs(options, undo);
  options.onNews('preparing the database');
  const passwords = await localPasswords(home);
  // The way past a pooler is said beside DATABASE_URL; the embedded database has none.
  const direct = env.DATABASE_URL === undefined ? undefined : env.BATON_DATABASE_DIRECT_URL;
  const toDatabase = { DATABASE_URL: database.url, BATON_DATABASE_DIRECT_URL: direct ?? '' };
  const toMigrate = { ...env.all, ...passwordVariables(passwords), ...toDatabase };
  const refusal = await orFail(migrate({ root: ROOT, env: toMigrate, signal: interrupted, onOutput: log('migrate') }));
  if (refusal !== null) for (const line of withoutLogins(refusal)) options.onNews(line);
  const databaseUrlOf = urlsOf(database.url, refusal === null ? passwords : null);
  const localUrlOf = urlsOf(database.localUrl, refusal === null ? passwords : null);
  const directUrlOf = direct === undefined ? null : urlsOf(direct, refusal === null ? passwords : null);

  options.onNews(`starting ${options.services.join(', ')}`);
  const settings = {
    root: ROOT,
    databaseUrlOf: localUrlOf,
    directUrlOf,
    token,
    host: env.BATON_HOST,
    port,
    home,
    inherited: env.all,
    secretVariables: secrets,
  };
  const targets = metricsTargets(home);
  undo.add(() => targets.remove());
  const specs = options.services.map((name) => ({
    name,
    stopsIn: SERVICES[name].stopsIn,
    launch: async () => {
      const launch = await launchOf(name, settings);
      await targets.note(name, launch.env.BATON_HEALTH_PORT);
      return launch;
    },
    onOutput: log(name),
  }));
  const hooks = { dependency: database, onNews: options.onNews, onGiveUp: fail };
  const supervisor = new Supervisor(specs, hooks);
  undo.add(() => supervisor.stop(options.hurried));
  await orFail(Promise.race([supervisor.ready(), tooLate(home)]));
  const toJoin = {
    DATABASE_URL: databaseUrlOf('worker'),
    ...(directUrlOf === null ? {} : { BATON_DATABASE_DIRECT_URL: directUrlOf('worker') }),
    ...(env.REDIS_URL === undefined ? {} : { REDIS_URL: env.REDIS_URL }),
    ...(url === null ? {} : { BATON_URL: url }),
    BATON_TOKEN: token,
  };
  await writeShim(home, ROOT);
  await writeServiceEnvFiles(home, { databaseUrlOf, directUrlOf }, env.REDIS_URL);
  await writeEnvFile(home, toJoin, env.DATABASE_URL === undefined);
  return { url, token, failed, stop: () => undo.run() };
}

const withoutLogins = (refusal: string): readonly string[] => [
  `WARNING: the services have no logins of their own: ${refusal}`,
  'Every service, and every worker that joins with the env file, has all rights of the user in DATABASE_URL.',
  'Let `baton database logins` make them, with a DATABASE_URL of somebody who may make roles, and start again.',
];

async function openDatabase({ env, onNews }: StackOptions, fail: (error: Error) => void): Promise<Database> {
  if (env.DATABASE_URL !== undefined) return foreignDatabase(env.DATABASE_URL);
  onNews('starting the embedded database');
  const dataDir = homePaths(env.home).postgres;
  return EmbeddedDatabase.start({ start: startEmbeddedPostgres, dataDir, onNews, onGiveUp: fail });
}

/** A log file for each name, closed at the very end. */
function openLogs(
  { env, onJsonLine, onNews, nowMs }: StackOptions,
  undo: Undo,
): (name: string) => (line: string) => void {
  // Several services find the same; a service that is replaced finds it again.
  const told = new Set<string>();
  const onNotice = (notice: string): void => {
    if (told.has(notice)) return;
    told.add(notice);
    onNews(notice);
  };
  return (name) => {
    const log = new RotatingLog(join(homePaths(env.home).logs, `${name}.log`));
    undo.add(() => log.close());
    return serviceOutput(name, {
      log,
      onJsonLine,
      onNotice,
      onLogLost: (reason) => onNews(`the log of ${name} cannot be written (${reason}); it goes on without`),
      nowIso: () => new Date(nowMs()).toISOString(),
    });
  };
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const rethrow = (error: Error): never => {
  throw error;
};

const giveUp = (): never => {
  throw new Interrupted('The start was interrupted; nothing is left running.', 'Start again when you like.');
};

async function tooLate(home: string): Promise<never> {
  await sleep(START_TIMEOUT_MS, undefined, { ref: false });
  throw new BatonError(`The services were not ready within ${START_TIMEOUT_MS / 1000} s.`, {
    code: 'slow-start',
    next: `Look at the logs in ${homePaths(home).logs}.`,
  });
}
