import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { type Task, taskJobId, workerMessages, workerQueue } from '@baton/contracts';
import {
  claimLane,
  createPool,
  eventStoreMigrations,
  type PoolOptions,
  personalKeyStore,
  readNonces,
  readStream,
  type StoredEvent,
} from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import {
  type Consumer,
  consume,
  type Messaging,
  type MessagingConfig,
  openMessaging,
  prepareQueues,
} from '@baton/messaging';
import { ownRedis, wipeRedis, withQueues } from '@baton/messaging/testing';
import { Sealer } from '@baton/personal-data';
import { replayLog } from '@baton/replay';
import { createLogger } from '@baton/service-kit';
import type { WorkflowDocument } from '@baton/workflow';
import type { Pool } from 'pg';
import { Hub, type HubPorts } from '../hub/hub.js';
import { type HubStore, postgresStore } from '../hub/hub-store.js';
import { LIVES_WHILE_LASTING_MS } from '../hub/lane-lease.js';
import type { HubMessage } from '../hub/message.js';

/** A chain of two tasks on a worker kind of its own, so that test files do not take each other's work. */
const chainOn = (kind: string): WorkflowDocument => ({
  name: 'two-tasks',
  version: '1.0.0',
  title: 'Two tasks',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: {
      A: { Type: 'Task', Resource: `baton:worker:${kind}`, Next: 'B' },
      B: { Type: 'Task', Resource: `baton:worker:${kind}`, End: true },
    },
  },
});

export const log = createLogger({ name: 'hub-test', level: 'silent' });

/** What is personal in a run, with the keys of a database. */
export const sealerOf = (pool: Pool): Sealer => new Sealer(personalKeyStore(pool));

/** From the URL of a database to the one by which it is reached, and what a pool is told of that. */
interface Way extends Pick<PoolOptions, 'isPooled' | 'assure'> {
  readonly reach?: (url: string) => string;
  readonly reachQueues?: (url: string) => string;
}

/** A real database and real queues under a hub that a test may start, abandon and start again. */
export class HubFixture {
  readonly taken: Task[] = [];
  readonly #hubs: Hub[] = [];
  readonly #consumers: Consumer[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly pool: Pool,
    readonly messaging: Messaging,
    readonly config: MessagingConfig,
    readonly kind: string,
  ) {}

  /** @param way by which the hub reaches its database, where that is not straight */
  static async open(postgresUrl: string, redisUrl: string | null = null, way: Way = {}): Promise<HubFixture> {
    const { reach = (url) => url, reachQueues = reach, ...options } = way;
    const database = await createTestDatabase(
      postgresUrl,
      [eventStoreMigrations],
      redisUrl === null ? [withQueues] : [],
    );
    const config: MessagingConfig =
      redisUrl === null
        ? { backend: 'postgres', url: reachQueues(database.url) }
        : { backend: 'redis', url: await ownRedis(redisUrl) };
    await prepareQueues(config);
    const pool = createPool(reach(database.url), { role: 'hub', applicationName: 'hub-test', ...options });
    const kind = `k${randomUUID().slice(0, 8)}`;
    return new HubFixture(database, pool, await openMessaging(config, { name: 'hub-test' }), config, kind);
  }

  async startHub(overrides: Partial<HubPorts> = {}): Promise<Hub> {
    const hub = await Hub.start({
      pool: this.pool,
      messaging: this.messaging,
      catalog: createCatalog([]),
      sealer: sealerOf(this.pool),
      owner: 'hub-test',
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
      log,
      onFenced: () => {},
      ...overrides,
    });
    this.#hubs.push(hub);
    return hub;
  }

  /** The id of a task's job, at its first dispatch: nobody else can know it. */
  async jobOf(commandId: string): Promise<string> {
    return taskJobId(commandId, 0, (await readNonces(this.pool))(commandId, 0));
  }

  /**
   * A store on a lane of its own, for parts of the hub alone, which looks at the rows of all lanes. No hub that is started
   * beside it takes its process for one that lives, and none gets its lane.
   */
  async store(): Promise<HubStore> {
    const lane = await claimLane(this.pool, 'hub-test', LIVES_WHILE_LASTING_MS);
    if (lane === null) throw new Error('no free lane');
    return postgresStore(this.pool, lane);
  }

  /** Takes tasks off the worker queue and remembers them; answers none. */
  startTaking(): void {
    this.#consumers.push(
      consume(this.messaging, {
        queue: workerQueue(this.kind),
        messages: workerMessages,
        concurrency: 10,
        deadLetter: async () => {},
        handle: async ({ data }) => void this.taken.push(data),
      }),
    );
  }

  start(runId: string, requestId = `start ${runId}`, document: WorkflowDocument = chainOn(this.kind)): HubMessage {
    return {
      runId,
      order: {
        type: 'StartRun',
        submission: { requestId, runId, workflow: document.name, input: {} },
        document,
        sha256: '0'.repeat(64),
      },
      actor: { type: 'system', id: 'test' },
      causationId: requestId,
      requestId,
    };
  }

  answer(commandId: string): HubMessage {
    return {
      runId: commandId.slice(0, 36),
      order: { type: 'CompleteTask', commandId, output: {} },
      actor: { type: 'agent', id: 'test' },
      causationId: `answer ${commandId}`,
    };
  }

  events(runId: string): Promise<StoredEvent[]> {
    return readStream(this.pool, runId, {});
  }

  /** The queue server loses everything it held, the marker included. */
  async wipeQueues(): Promise<void> {
    if (this.config.backend === 'redis') {
      await wipeRedis(this.config.url);
      return;
    }
    const owner = createPool(this.config.url, { role: 'owner', applicationName: 'hub-test', max: 1 });
    await owner.query('truncate bullmq.job cascade');
    await owner.query('truncate bullmq.baton_epoch, bullmq.baton_lasting, bullmq.baton_passing');
    await owner.end();
  }

  /** Decides every run that a test made again, from its log alone. @returns what is wrong, in words; null where nothing is */
  async replayed(): Promise<string | null> {
    const { pool, database } = this;
    const options = { pool, url: database.url, signal: new AbortController().signal, threads: 1 };
    for await (const report of replayLog({ ...options, monotonicMs: () => performance.now() })) {
      if (!('verified' in report)) continue;
      const { fault, engines } = report;
      const otherwise = engines.find((engine) => engine.otherwise > 0)?.example ?? null;
      return fault === null && otherwise === null ? null : JSON.stringify(fault ?? otherwise);
    }
    return 'the replay said nothing';
  }

  /** @param isReplayed whether every run that the tests made has to be decided again first */
  async close({ isReplayed = false }: { readonly isReplayed?: boolean } = {}): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop(1_000)));
    await Promise.all(this.#hubs.map((hub) => hub.stop().catch(() => {})));
    const problem = isReplayed ? await this.replayed() : null;
    if (problem !== null) throw new Error(`a run of this test is decided otherwise from its log: ${problem}`);
    await this.messaging.close();
    await this.pool.end();
    await this.database.drop();
  }
}
