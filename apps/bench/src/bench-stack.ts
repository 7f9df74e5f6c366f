import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogMigrations } from '@baton/catalog';
import { INTAKE_QUEUE, type JsonObject, requestJobId } from '@baton/contracts';
import { createPool, eventStoreMigrations, migrate } from '@baton/event-store';
import { createTestDatabase } from '@baton/event-store/testing';
import { type Messaging, type MessagingConfig, openMessaging, prepareQueues } from '@baton/messaging';
import { notificationsMigrations } from '@baton/notifications';
import { readModelMigrations } from '@baton/read-model';
import { freePort } from '@baton/service-kit';
import { NoopWorker, ROOT, until } from '@baton/test-stack';
import type { Pool } from 'pg';
import { BenchError } from './leave-nothing.js';

/** The servers a figure of the whole system is measured on. */
export interface Servers {
  readonly postgresUrl: string;
  /** Null for queues on Postgres. */
  readonly redisUrl: string | null;
}

export const queuesOf = ({ redisUrl }: Pick<Servers, 'redisUrl'>): string =>
  redisUrl === null ? 'Postgres queues' : 'Redis queues';

export interface BenchDocument extends JsonObject {
  readonly name: string;
}

/** A port of each process where an inspector may come in. */
interface InspectorPorts {
  readonly orchestrator: number;
  readonly worker: number;
}

const ORCHESTRATOR = 'apps/orchestrator/dist/main.js';
const QUICK_WORKER = 'apps/bench/dist/quick-worker.js';

/** It listens, and says nothing of it. */
const inspectArguments = (port: number | undefined): readonly string[] =>
  port === undefined ? [] : [`--inspect=127.0.0.1:${port}`, '--inspect-publish-uid=http'];

/**
 * One orchestrator, and unless only the quick worker is wanted one worker that does nothing, and one more for runs beside those
 * that are measured, each a process of its own; real Postgres, real queues, the durability settings of the product. The queue of
 * a worker is one line for all runs, so a run that is to show what the hub does to others needs a worker of its own.
 */
export class BenchStack {
  readonly #children = new Set<ChildProcess>();
  readonly #cleanUp: (() => Promise<void>)[] = [];
  #orchestrator: ChildProcess | null = null;
  #gateway: ChildProcess | null = null;
  #quickWorker: ChildProcess | null = null;
  readonly #more: ChildProcess[] = [];

  private constructor(
    readonly pool: Pool,
    readonly messaging: Messaging,
    readonly env: Readonly<NodeJS.ProcessEnv>,
    readonly noopWorkers: readonly NoopWorker[],
    /** Null where nobody may look in. */
    readonly inspectorPorts: InspectorPorts | null,
  ) {}

  /**
   * @param options.inspectable whether orchestrator and worker let an inspector in
   * @param options.isWorkerPlain whether the workers announce nothing, so that their tasks go through BullMQ
   * @param options.onlyQuick whether there is no worker but the quick one: who waits for nothing is woken, too
   */
  static async start(
    servers: Servers,
    documents: readonly BenchDocument[],
    options: { readonly inspectable?: boolean; readonly isWorkerPlain?: boolean; readonly onlyQuick?: boolean } = {},
  ): Promise<BenchStack> {
    const { postgresUrl, redisUrl } = servers;
    const database = await createTestDatabase(postgresUrl);
    const workflows = await mkdtemp(join(tmpdir(), 'baton-bench-'));
    for (const document of documents)
      await writeFile(join(workflows, `${document.name}.json`), JSON.stringify(document));
    await migrate(database.url, [
      eventStoreMigrations,
      catalogMigrations,
      readModelMigrations,
      notificationsMigrations,
    ]);
    const config: MessagingConfig =
      redisUrl === null ? { backend: 'postgres', url: database.url } : { backend: 'redis', url: redisUrl };
    await prepareQueues(config);
    const port = await freePort();
    const env = {
      ...process.env,
      DATABASE_URL: database.url,
      ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
      BATON_WORKFLOWS_DIR: workflows,
      BATON_LOG: 'warn',
      BATON_HOME: workflows,
      BATON_CHECKPOINTS: join(workflows, 'checkpoints'),
      BATON_PORT: String(port),
      // What is measured is the gateway, and not how it holds back whoever asks too often.
      BATON_RATE_PER_KEY: '0',
      BATON_RATE_PER_ADDRESS: '0',
      BATON_MOST_WAITING: '0',
      BATON_URL: `http://127.0.0.1:${port}`,
      BATON_TOKEN: randomUUID(),
    };
    const ports = options.inspectable === true ? { orchestrator: await freePort(), worker: await freePort() } : null;
    const startWorker = (kind: string): Promise<NoopWorker> =>
      options.isWorkerPlain === true
        ? NoopWorker.start(config, kind)
        : NoopWorker.run([join(ROOT, QUICK_WORKER), kind], env);
    const stack = new BenchStack(
      createPool(database.url, { role: 'owner', applicationName: 'bench', max: 1 }),
      await openMessaging(config, { name: 'bench' }),
      env,
      options.onlyQuick === true ? [] : [await startWorker('noop'), await startWorker('noop-beside')],
      ports,
    );
    stack.#cleanUp.push(
      () => database.drop(),
      () => rm(workflows, { recursive: true, force: true }),
    );
    stack.#orchestrator = stack.#spawn(ORCHESTRATOR, inspectArguments(ports?.orchestrator));
    return stack;
  }

  async stop(): Promise<void> {
    await this.messaging.close();
    await Promise.all([...this.noopWorkers.map((worker) => worker.stop()), ...[...this.#children].map(ended)]);
    await this.pool.end();
    for (const step of this.#cleanUp) await step();
  }

  async startGateway(): Promise<void> {
    this.#gateway = this.#spawn('apps/gateway/dist/main.js');
    const isReady = () =>
      fetch(`${this.env.BATON_URL}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(isReady, 'the gateway to be ready');
  }

  /** The worker of kind `quick`, as users write one. */
  async startQuickWorker(): Promise<void> {
    const child = this.#spawn(QUICK_WORKER, inspectArguments(this.inspectorPorts?.worker), 'pipe');
    this.#quickWorker = child;
    await once(child.stdout ?? child, 'data');
  }

  /** The worker of kind `noop`. */
  get worker(): NoopWorker {
    return present(this.noopWorkers[0]);
  }

  /** The worker of kind `noop-beside`. */
  get otherWorker(): NoopWorker {
    return present(this.noopWorkers[1]);
  }

  get quickWorkerPid(): number | undefined {
    return this.#quickWorker?.pid;
  }

  /** Another process in its place, which knows nothing yet. */
  async restartOrchestrator(): Promise<void> {
    if (this.#orchestrator !== null) await ended(this.#orchestrator);
    this.#orchestrator = this.#spawn(ORCHESTRATOR);
  }

  /** One more beside the first. */
  async addOrchestrator(): Promise<void> {
    const held = 'baton.lane where lease_until > clock_timestamp()';
    const before = await this.count(held);
    this.#more.push(this.#spawn(ORCHESTRATOR));
    await until(async () => (await this.count(held)) > before, 'another orchestrator', 30_000);
  }

  get orchestratorPid(): number | undefined {
    return this.#orchestrator?.pid;
  }

  /** Of all that were started. */
  pidsOf(service: 'orchestrator' | 'gateway'): readonly number[] {
    const processes = service === 'gateway' ? [this.#gateway] : [this.#orchestrator, ...this.#more];
    return processes.flatMap((child) => child?.pid ?? []);
  }

  /** Resident memory in MiB: now, and at most so far. Null where the system does not tell (it is read from /proc). */
  async memoryOf(service: 'orchestrator' | 'gateway'): Promise<{ readonly now: number; readonly most: number } | null> {
    const pid = (service === 'orchestrator' ? this.#orchestrator : this.#gateway)?.pid;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const mebibytes = (field: string): number =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
    const memory = { now: mebibytes('VmRSS'), most: mebibytes('VmHWM') };
    return Number.isNaN(memory.now) ? null : memory;
  }

  async submit(workflow: string, count = 1, input: JsonObject = {}): Promise<void> {
    const requests = Array.from({ length: count }, () => randomUUID());
    await this.messaging.publish(
      INTAKE_QUEUE,
      requests.map((requestId) => ({
        jobId: requestJobId(requestId),
        name: 'submit',
        data: { requestId, workflow, input },
      })),
    );
  }

  /** Waits until so many runs have ended since the start; stops loudly where one did not succeed. */
  async succeeded(runs: number, timeoutMs: number): Promise<void> {
    await until(
      async () => (await this.count('baton.stream where status = 1')) >= runs,
      `${runs} runs to end`,
      timeoutMs,
    );
    const { rows } = await this.pool.query<{ cause: string }>(
      `select data->>'cause' as cause from baton.event where type = 'RunFailed' limit 1`,
    );
    if (rows[0] !== undefined) throw new Error(`a run of the bench failed: ${rows[0].cause}`);
  }

  /** The only run of a workflow that was submitted last. */
  async newestRunOf(workflow: string): Promise<string> {
    const { rows } = await this.pool.query<{ run_id: string }>(
      `select run_id from baton.event where type = 'RunStarted' and data->'workflow'->>'name' = $1
        order by position desc limit 1`,
      [workflow],
    );
    if (rows[0] === undefined) throw new Error(`no run of ${workflow} has begun`);
    return rows[0].run_id;
  }

  /** @param from what stands after `from`: a table and, where not all of it counts, a condition */
  async count(from: string): Promise<number> {
    const { rows } = await this.pool.query<{ n: number }>(`select count(*)::int as n from ${from}`);
    return rows[0]?.n ?? 0;
  }

  #spawn(program: string, nodeArguments: readonly string[] = [], output: 'ignore' | 'pipe' = 'ignore'): ChildProcess {
    const child = spawn(process.execPath, [...nodeArguments, join(ROOT, program)], {
      env: this.env,
      stdio: ['ignore', output, 'inherit'],
    });
    child.once('exit', (code, signal) => {
      // Nothing is measured without it, and whoever waits would wait for long.
      throw new BenchError(`${program} of the bench ended by itself (${signal ?? code}); what it said is above.`);
    });
    this.#children.add(child);
    return child;
  }
}

function present(worker: NoopWorker | undefined): NoopWorker {
  if (worker === undefined) throw new BenchError('This bench was started without workers that do nothing.');
  return worker;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.removeAllListeners('exit');
  child.kill('SIGTERM');
  await once(child, 'exit');
}
