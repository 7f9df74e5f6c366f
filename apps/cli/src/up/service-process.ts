import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError, toError } from '@baton/contracts';
import { EXIT_REFUSED, EXIT_TRY_AGAIN } from '@baton/service-kit';
import { BOOT_DEATHS, type History, judge, NO_HISTORY } from './backoff.js';
import { describeExit, keepTail, lastWordsOf } from './last-words.js';
import { type LivenessTiming, untilFrozen } from './liveness.js';
import { lineSplitter } from './service-output.js';

/** One start of a service. */
export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether the process can do its work. Asked again and again until it says yes. */
  isReady(): Promise<boolean>;
  /** Whether the process answers at all, whatever it can do; false after the time it was given. */
  isAlive(timeoutMs: number): Promise<boolean>;
}

/** What a service cannot live without. */
export interface Dependency {
  /** How often it has gone away so far. */
  readonly outages: number;
  /** Resolves when it is there; at once when it is. */
  available(): Promise<void>;
}

export interface ServiceSpec {
  readonly name: string;
  launch(): Promise<Launch>;
  onOutput(line: string): void;
}

export interface ServiceHooks {
  readonly dependency: Dependency;
  readonly liveness: LivenessTiming;
  /** One line for people about what became of the service. */
  onNews(line: string): void;
  /** The service cannot be kept alive. */
  onGiveUp(error: BatonError): void;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A service of Baton says when it is at work, and is asked at once; each question costs both sides a millisecond or two. */
const ASK_READY_EVERY_MS = 250;
/** After the end of the process, its last output may still be in the pipe. */
const DRAIN_MS = 300;

/**
 * Keeps one service alive: starts it, waits until it is ready, starts it again when it dies. It is a child in a process
 * group of its own, so that Ctrl-C in a terminal reaches only the supervisor, which stops everything in order.
 */
export class ServiceProcess {
  /** Resolves when the service is ready for the first time; rejects never: giving up is told through the hooks. */
  readonly ready: Promise<void>;
  #child: ChildProcess | null = null;
  readonly #stopping = new AbortController();
  readonly #stopped: Promise<void>;
  readonly #ended: Promise<void>;
  #markReady: () => void = () => {};

  constructor(
    private readonly spec: ServiceSpec,
    private readonly hooks: ServiceHooks,
  ) {
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
    this.#stopped = new Promise((resolve) => {
      this.#stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#ended = this.#keepAlive().catch((thrown: unknown) => {
      const { message } = toError(thrown);
      this.hooks.onGiveUp(new BatonError(`The ${spec.name} cannot be started: ${message}.`, { code: 'service-start' }));
    });
  }

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Asks the process to stop and kills it when it has not after `graceMs`, or as soon as `hurried` says so. */
  async stop(graceMs: number, hurried: AbortSignal): Promise<void> {
    this.#stopping.abort();
    this.#signal('SIGTERM');
    const late = new AbortController();
    const patience = sleep(graceMs, undefined, { signal: AbortSignal.any([late.signal, hurried]) }).catch(() => {});
    await Promise.race([this.#ended, patience]);
    this.#signal('SIGKILL');
    await this.#ended;
    late.abort();
  }

  #signal(signal: NodeJS.Signals): void {
    const child = this.#child;
    if (child !== null && child.exitCode === null && child.signalCode === null) child.kill(signal);
  }

  async #keepAlive(): Promise<void> {
    let history: History = NO_HISTORY;
    let wasReady = false;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await Promise.race([this.hooks.dependency.available(), this.#stopped]);
      if (signal.aborted) return;
      const outages = this.hooks.dependency.outages;
      const life = await this.#liveOnce();
      if (signal.aborted) return;
      wasReady ||= life.readyMs !== null;
      // A server of the operator's is away: no reason to give up what worked before. At a first start it is a wrong address.
      const triesAgain = wasReady && life.exit.code === EXIT_TRY_AGAIN;
      const wasExcused = triesAgain || this.hooks.dependency.outages !== outages;
      const verdict = judge(history, { ...life, wasExcused });
      const words = life.lastWords ?? describeExit(life.exit);
      if (!wasReady && life.exit.code === EXIT_REFUSED) {
        this.hooks.onGiveUp(this.#gaveUp(`cannot start: ${words}`));
        return;
      }
      if (verdict.action === 'give-up') {
        this.hooks.onGiveUp(this.#gaveUp(`ended ${BOOT_DEATHS} times at its start: ${words}`));
        return;
      }
      this.hooks.onNews(`${this.name} ${describeExit(life.exit)}; it starts again in ${verdict.afterMs / 1000} s`);
      history = verdict.history;
      await sleep(verdict.afterMs, undefined, { signal }).catch(() => {});
    }
  }

  #gaveUp(words: string): BatonError {
    return new BatonError(`The ${this.name} ${words}`, {
      code: 'service-gave-up',
    });
  }

  /** A frozen process holds its port, its leases and its messages, and never ends by itself. */
  async #replaceFrozen(
    { launch, child, wasReady }: { launch: Launch; child: ChildProcess; wasReady: () => boolean },
    over: AbortSignal,
  ): Promise<void> {
    const isAlive = (timeoutMs: number): Promise<boolean> => launch.isAlive(timeoutMs);
    const silentMs = await untilFrozen(isAlive, this.hooks.liveness, over, { wasReady });
    if (silentMs === null) return;
    this.hooks.onNews(`${this.name} has not answered for ${Math.round(silentMs / 1000)} s; it is killed`);
    child.kill('SIGKILL');
  }

  /** From one start to its end. */
  async #liveOnce(): Promise<{ readyMs: number | null; exit: Exit; lastWords: string | null }> {
    const launch = await this.spec.launch();
    if (this.#stopping.signal.aborted) return { readyMs: null, exit: { code: 0, signal: null }, lastWords: null };
    const child = spawn(launch.program, launch.args, {
      env: launch.env,
      // The channel tells the service at once when the supervisor has gone, however that happened.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.#child = child;
    let stderr = '';
    const exited = new Promise<Exit>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const drained = [
      pipeLines(child.stdout, (line) => this.spec.onOutput(line)),
      pipeLines(child.stderr, (line) => {
        stderr = keepTail(stderr, `${line}\n`);
        this.spec.onOutput(line);
      }),
    ];
    const over = new AbortController();
    const said = new Promise<void>((resolve) => void child.once('message', () => resolve()));
    let wasReady = false;
    const becomesReady = untilReady(launch, said, over.signal).then((isReady) => {
      wasReady = isReady;
      if (isReady) this.#markReady();
      return isReady ? performance.now() : null;
    });
    const watched = { launch, child, wasReady: () => wasReady };
    void this.#replaceFrozen(watched, AbortSignal.any([over.signal, this.#stopping.signal]));
    const exit = await exited.finally(() => over.abort());
    const endedAt = performance.now();
    const readyAt = await becomesReady;
    await Promise.race([Promise.all(drained), sleep(DRAIN_MS)]);
    return { readyMs: readyAt === null ? null : endedAt - readyAt, exit, lastWords: lastWordsOf(stderr) };
  }
}

/** True once the service is ready; false when its life is over first. It is asked sooner when it has said so. */
async function untilReady(launch: Launch, said: Promise<void>, over: AbortSignal): Promise<boolean> {
  let hasSaid = false;
  void said.then(() => {
    hasSaid = true;
  });
  while (!over.aborted) {
    const pause = sleep(ASK_READY_EVERY_MS, undefined, { signal: over }).catch(() => {});
    await (hasSaid ? pause : Promise.race([pause, said]));
    if (await launch.isReady()) return !over.aborted;
  }
  return false;
}

function pipeLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): Promise<void> {
  if (stream === null) return Promise.resolve();
  const lines = lineSplitter(onLine);
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => lines.write(chunk));
    stream.once('close', () => {
      lines.end();
      resolve();
    });
  });
}
