import { randomUUID } from 'node:crypto';
import { type JsonObject, resultMessages, resultsQueue, TaskHeartbeat, taskJobId, workerQueue } from '@baton/contracts';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import {
  bundleOf,
  type Consumer,
  consume,
  type Messaging,
  type MessagingConfig,
  type OutgoingJob,
  openMessaging,
  prepareQueues,
} from '@baton/messaging';
import { ownRedis, withQueues } from '@baton/messaging/testing';
import { createLogger, type RunningService, type ServiceContext } from '@baton/service-kit';
import { vi } from 'vitest';

interface Result {
  readonly name: string;
  readonly data: unknown;
}

/** The hub's side of one kind of worker, for tests: a database, queues in it, tasks sent by hand, and the results that come. */
export class WorkerFixture {
  readonly pool: ReturnType<typeof createPool>;
  readonly #runId = randomUUID();
  readonly #results = new Map<string, Result>();
  readonly #consumer: Consumer;
  #service: RunningService | undefined;
  #ordinal = 0;

  private constructor(
    private readonly database: TestDatabase,
    readonly messaging: Messaging,
    readonly kind: string,
    private readonly redisUrl: string | null,
  ) {
    this.pool = createPool(database.url, { role: 'owner', applicationName: `${kind}-spec` });
    this.#consumer = consume(messaging, {
      queue: resultsQueue(this.#runId),
      messages: resultMessages,
      concurrency: 1,
      handle: async ({ name, jobId, data }) => void this.#results.set(jobId, { name, data }),
      deadLetter: async () => {},
    });
  }

  /** With queues in the database, or on a Redis where the address of one is given. */
  static async open(postgresUrl: string, kind: string, redisUrl: string | null = null): Promise<WorkerFixture> {
    const database = await createTestDatabase(
      postgresUrl,
      [eventStoreMigrations],
      redisUrl === null ? [withQueues] : [],
    );
    const redis = redisUrl === null ? null : await ownRedis(redisUrl);
    const config: MessagingConfig =
      redis === null ? { backend: 'postgres', url: database.url } : { backend: 'redis', url: redis };
    await prepareQueues(config);
    return new WorkerFixture(database, await openMessaging(config, { name: `${kind}-spec` }), kind, redis);
  }

  /** What the worker takes from its environment. */
  get env() {
    const { redisUrl } = this;
    return {
      DATABASE_URL: this.database.url,
      ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
      BATON_CONCURRENCY: 2,
    };
  }

  /** Starts the worker as `runService` would; `stop` and `close` stop it. */
  async start(startService: (context: ServiceContext) => Promise<RunningService>): Promise<void> {
    const log = createLogger({ name: this.kind, level: 'silent' });
    const health = {
      addCheck: () => {},
      addFact: () => {},
      setPhase: () => {},
      report: () => Promise.reject(new Error('not asked')),
      facts: () => ({}),
    };
    const fail = (error: Error): never => {
      throw error;
    };
    this.#service = await startService({ log, health, signal: new AbortController().signal, fail });
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }

  /** Sends a task with this in its body, such as `arguments`. Returns its command id. */
  async send(body: JsonObject): Promise<string> {
    const commandId = this.#nextCommand();
    await this.dispatch(commandId, 0, body);
    return commandId;
  }

  /** Sends tasks as one job. Returns their command ids. */
  async sendTogether(bodies: readonly JsonObject[]): Promise<readonly string[]> {
    const commandIds = bodies.map(() => this.#nextCommand());
    const jobs = [];
    for (const [index, commandId] of commandIds.entries())
      jobs.push(await this.#jobOf(commandId, 0, bodies[index] ?? {}));
    await this.messaging.publish(workerQueue(this.kind), [bundleOf(`b-${commandIds[0]}`, jobs)]);
    return commandIds;
  }

  #nextCommand(): string {
    this.#ordinal += 1;
    return `${this.#runId}-${this.#ordinal}`;
  }

  /** As the hub does when nobody waits for the result any more. */
  async closeCommand(commandId: string): Promise<void> {
    await this.pool.query('delete from baton.command where command_id = $1', [commandId]);
  }

  /** Sends the task of a command once more, or for the first time. */
  async dispatch(commandId: string, dispatchNo: number, body: JsonObject): Promise<void> {
    await this.messaging.publish(workerQueue(this.kind), [await this.#jobOf(commandId, dispatchNo, body)]);
  }

  async #jobOf(commandId: string, dispatchNo: number, body: JsonObject): Promise<OutgoingJob> {
    if (dispatchNo === 0) {
      await this.pool.query(
        `insert into baton.command (seq, command_id, lane, run_id, queue, name, message, priority)
         values ($1, $2, 1, $3, $4, 'task', '{}', 0)`,
        [Number(commandId.split('-').at(-1)), commandId, this.#runId, workerQueue(this.kind)],
      );
    }
    const envelope = { v: 1, id: `m-${commandId}-${dispatchNo}`, runId: this.#runId, commandId, step: 1, dispatchNo };
    const task = { ...envelope, kind: this.kind, state: 'Test', attempt: 1, ...body };
    return { jobId: taskJobId(commandId, dispatchNo), name: 'task', data: task };
  }

  hasResult(commandId: string): boolean {
    return this.#results.has(`r-${commandId}-0`);
  }

  resultOf(commandId: string, dispatchNo = 0): Promise<Result> {
    return vi.waitFor(
      () => {
        const result = this.#results.get(`r-${commandId}-${dispatchNo}`);
        if (result === undefined) throw new Error(`no result of ${commandId} yet`);
        return result;
      },
      { timeout: 20_000, interval: 30 },
    );
  }

  /** The heartbeats of a command that have come so far. */
  heartbeatsOf(commandId: string): readonly TaskHeartbeat[] {
    return [...this.#results.values()]
      .filter(({ name }) => name === 'heartbeat')
      .map(({ data }) => TaskHeartbeat.parse(data))
      .filter((heartbeat) => heartbeat.commandId === commandId);
  }

  async close(): Promise<void> {
    await this.stop();
    await this.#consumer.stop(1000);
    await this.messaging.close();
    await this.pool.end();
    await this.database.drop();
  }
}
