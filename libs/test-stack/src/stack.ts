import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isPortFree, programOf } from '@baton/service-kit';
import { copyPostgresTemplate } from '@baton/service-kit/testing';
import { decisionsThatDiffer } from './replayed-decisions.js';
import { until } from './until.js';

const run = promisify(execFile);
/** Of a request that is told to come again. */
const MOST_TRIES = 20;

/** The repository's root: tests run the built programs a user runs. */
export const ROOT = resolve(import.meta.dirname, '../../..');
export const CLI = programOf(ROOT, 'cli');

/** What every program of a test inherits; what they compile is kept from one run of the tests to the next. */
export const BASE_ENV: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '',
  // Where this process puts what it makes, and not where the system does by itself.
  TMPDIR: tmpdir(),
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/baton/compiled'),
};

type Service =
  | 'gateway'
  | 'orchestrator'
  | 'planner'
  | 'validator'
  | 'programmer'
  | 'tester'
  | 'prompt'
  | 'advisor'
  | 'deployer'
  | 'http';
export type Victim = Service | 'postgres';

/** What a run of the seven steps needs where nobody advises: a stack of fewer processes is there sooner. */
export const FOR_SEVEN_STEPS = ['--only', 'gateway,orchestrator,planner,validator,programmer'] as const;

/** Open to be passed through: as root, Postgres runs under another account and its data would go elsewhere. */
async function freshHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'baton-e2e-'));
  await chmod(home, 0o711);
  return home;
}

const variablesIn = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name ?? '', value ?? '']));

const [LOWEST_PORT, PORTS] = [15_000, 16_000];

/**
 * Below the ports that the system gives out. One of those may be given to a service of another stack between being free and being
 * listened on, and that service then answers in place of the gateway.
 */
async function portOfStack(): Promise<number> {
  const port = LOWEST_PORT + Math.floor(Math.random() * PORTS);
  return (await isPortFree(port)) ? port : portOfStack();
}

/** A whole Baton of its own, started the way a user starts it: `baton up` with a fresh BATON_HOME. */
export class Stack {
  readonly env: Readonly<Record<string, string>>;
  #output = '';

  private constructor(
    readonly home: string,
    readonly supervisor: ChildProcess,
    env: Readonly<Record<string, string>>,
  ) {
    this.env = env;
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-20_000);
    };
    supervisor.stdout?.on('data', keep);
    supervisor.stderr?.on('data', keep);
  }

  static async start(
    options: {
      readonly env?: Record<string, string>;
      readonly args?: readonly string[];
      readonly home?: string;
      /** Of another checkout, whose programs are to be started. */
      readonly root?: string;
    } = {},
  ): Promise<Stack> {
    const { root = ROOT } = options;
    const home = options.home ?? (await freshHome());
    // It has the tables of this version.
    if (root === ROOT) copyPostgresTemplate(join(home, 'postgres'));
    const env = {
      ...BASE_ENV,
      BATON_HOME: home,
      BATON_PORT: String(await portOfStack()),
      BATON_MODEL: 'offline',
      NO_COLOR: '1',
      ...options.env,
    };
    const program = root === ROOT ? CLI : programOf(root, 'cli');
    const supervisor = spawn(process.execPath, [program, 'up', ...(options.args ?? [])], {
      cwd: root,
      env,
      stdio: 'pipe',
    });
    const stack = new Stack(home, supervisor, env);
    await until(
      async () => {
        if (supervisor.exitCode !== null) throw new Error(`baton up ended early:\n${stack.output}`);
        return (await stack.joinEnv()) !== null && (await stack.isReady());
      },
      'the stack to be ready',
      90_000,
    ).catch(async (error: unknown) => {
      await stack.stop();
      throw new Error(`${String(error)}\n${stack.output}`);
    });
    return stack;
  }

  /** From now on neither the stack nor what it prints keeps this process alive. */
  unref(): void {
    this.supervisor.unref();
    for (const stream of [this.supervisor.stdin, this.supervisor.stdout, this.supervisor.stderr]) {
      if (stream instanceof Socket) stream.unref();
    }
  }

  get output(): string {
    return this.#output;
  }

  /** What `source .baton/env` gives a user's own program. */
  async joinEnv(): Promise<Record<string, string> | null> {
    const text = await readFile(join(this.home, 'env'), 'utf8').catch(() => null);
    if (text === null) return null;
    return variablesIn(text);
  }

  /** The database under the rights of its owner, whom no program of the stack is: for what a test looks at or breaks. */
  async ownerUrl(): Promise<string> {
    const url = new URL((await this.joinEnv())?.DATABASE_URL ?? '');
    const folder = join(this.home, 'postgres');
    const place = await readFile(join(folder, 'location'), 'utf8').catch(() => folder);
    url.username = 'postgres';
    url.password = (await readFile(join(place.trim(), 'password'), 'utf8')).trim();
    return url.href;
  }

  /** What the file for one service gives whoever starts another of its kind by hand. */
  async serviceEnv(name: Service): Promise<Record<string, string>> {
    return variablesIn(await readFile(join(this.home, 'services', `${name}.env`), 'utf8'));
  }

  async isReady(): Promise<boolean> {
    const joined = await this.joinEnv();
    if (joined === null) return false;
    return fetch(`${joined.BATON_URL}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
  }

  /** Calls the gateway; the answer's JSON. Comes again where it is told to (429), and throws on any other status of 400 and above. */
  async api(path: string, init: RequestInit = {}): Promise<unknown> {
    const joined = await this.joinEnv();
    if (joined === null) throw new Error('the stack has no env file');
    const ask = (): Promise<Response> =>
      fetch(`${joined.BATON_URL}${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${joined.BATON_TOKEN}`,
          ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...init.headers,
        },
      });
    let response = await ask();
    for (let tries = 1; response.status === 429 && tries < MOST_TRIES; tries += 1) {
      await response.arrayBuffer();
      await sleep(Number(response.headers.get('retry-after') ?? 1) * 1_000);
      response = await ask();
    }
    const body = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${body}`);
    return JSON.parse(body);
  }

  /** The process id of a part of the stack, as the operating system sees it. */
  async pidOf(victim: Victim): Promise<number> {
    const program = victim === 'postgres' ? /\/bin\/postgres / : new RegExp(`/apps/${victim}[./]`);
    const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,args=']);
    for (const line of stdout.split('\n')) {
      const [pid, ppid, ...args] = line.trim().split(/\s+/);
      if (Number(ppid) === this.supervisor.pid && program.test(args.join(' '))) return Number(pid);
    }
    throw new Error(`no ${victim} process of this stack is running`);
  }

  /** Strikes as soon as there is somebody to strike: one killed before may be starting again. */
  async kill(victim: Victim): Promise<void> {
    let pid = 0;
    await until(async () => {
      pid = await this.pidOf(victim).catch(() => 0);
      return pid !== 0;
    }, `the ${victim} to run`);
    process.kill(pid, 'SIGKILL');
  }

  /**
   * Stops as Ctrl-C does; the exit code of `baton up`. Removes the data unless `keepData`. Before, where the stack still
   * answers, every decision of every run is made again from the log alone: it throws where one comes out otherwise.
   */
  async stop(options: { readonly keepData?: boolean } = {}): Promise<number | null> {
    try {
      await this.#checkDecisions();
    } finally {
      await this.#end(options);
    }
    return this.supervisor.exitCode;
  }

  async #checkDecisions(): Promise<void> {
    if (this.#isOver || !(await this.isReady())) return;
    const differences = await decisionsThatDiffer((path) => this.api(path));
    if (differences.length > 0) throw new Error(`decisions do not replay:\n${differences.join('\n')}`);
  }

  get #isOver(): boolean {
    return this.supervisor.exitCode !== null || this.supervisor.signalCode !== null;
  }

  async #end(options: { readonly keepData?: boolean }): Promise<void> {
    if (!this.#isOver) {
      this.supervisor.kill('SIGINT');
      await until(() => this.#isOver, 'baton up to stop', 60_000);
    }
    if (options.keepData !== true) await rm(this.home, { recursive: true, force: true });
  }
}
