import { BatonError, isConnectionLoss, MOST_URGENCY, POSTGRES_QUEUE_SCHEMA } from '@baton/contracts';
import { changePatiently, postgresClient, postgresTarget, refuseTransactionPooler } from '@baton/servers';
import {
  assertSchemaCompatibility,
  createPostgresBackend,
  Queue,
  runMigrations,
  SchemaMigrationRequiredError,
  Worker,
} from 'bullmq';
import pg from 'pg';
import { type MessagingLog, queueServerOf } from '../config.js';
import { roleOf } from '../queue-roles.js';
import { notThere, refused, unreachable } from '../queue-server-errors.js';
import { within } from '../waiting.js';
import type { Backend } from './backend.js';
import { BothDoorsWorker, bothDoorsQueue, bothFlows, slotsOf } from './both-doors.js';
import { fromJsonb, toJsonb } from './jsonb-data.js';
import { isOfLane } from './own/message-store.js';
import { OwnWorker } from './own/own-worker.js';
import { Bells } from './own/postgres-bells.js';
import { flowOf } from './own/postgres-flow.js';
import { CREATE_PUT_TASK, MAY_PUT_TASK, taskAlongside } from './own/postgres-put-task.js';
import { postgresStore } from './own/postgres-store.js';
import { HAS_TABLES, TABLE_CHANGES, TAKE_RUNGS } from './own/postgres-tables.js';
import { CREATE_TAKERS, TAKERS } from './own/postgres-takers.js';
import { patient } from './patient-pool.js';
import { CREATE_EPOCH, READ_EPOCH, REPLACE_EPOCH, WRITE_EPOCH } from './postgres-epoch.js';
import { grantQueueRights, NUMBER_QUEUE } from './postgres-rights.js';
import { queueTelemetry } from './queue-telemetry.js';

const CONNECT_TIMEOUT_MS = 5_000;
const CHECKOUT_TIMEOUT_MS = 15_000;
const QUERY_TIMEOUT_MS = 30_000;
/** What is asked over a connection that listens takes no time. */
const LISTEN_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;
const EVENT_HISTORY = 1_000;
/** The system asks then whether the other end is there: without it a connection that listens would never learn that it is not. */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** "BATN": serialises the creation of our own table, as BullMQ's key does for its migrations. */
const PREPARE_LOCK = 0x4241544e;

const IS_NUMBERED = `select to_regclass('${POSTGRES_QUEUE_SCHEMA}.' || job_id_seq_name($1)) is not null as is_numbered`;

/** As BullMQ's own `get_state`, for many jobs. */
const JOB_STATES = 'select id, state::text as state from job where queue = $1 and id = any($2)';

const NOW_MS = '(extract(epoch from statement_timestamp()) * 1000)';
/** Of BullMQ's door. Of each urgency the one that came first by the index; what is done is remembered for a minute. */
const FLOW = `select
  (select ${NOW_MS} - min(coalesce(first.process_at_ms, first.added_at_ms))
     from generate_series(0, ${MOST_URGENCY}) as of(priority)
    cross join lateral (
      select process_at_ms, added_at_ms from job
       where queue = $1 and priority = of.priority and state = 'waiting' order by seq limit 1) as first)::float8 as oldest,
  (select count(*) from job where queue = $1 and state = 'completed' and finished_at_ms > ${NOW_MS} - 60000)::int as done`;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = postgresClient(url, {
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'baton-queues-prepare',
  });
  client.on('error', () => {});
  const endpoint = queueServerOf({ backend: 'postgres', url });
  try {
    await client.connect();
    await refuseTransactionPooler(url, 'whoever waits for messages');
  } catch (error) {
    if (error instanceof BatonError) throw error;
    throw isConnectionLoss(error) ? notThere(endpoint, error) : refused(endpoint, error);
  }
  try {
    return await work(client);
  } catch (error) {
    throw isConnectionLoss(error) ? unreachable(endpoint, error) : error;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Brings BullMQ's schema to the version of this build, adds Baton's own tables, and gives the logins their rights. Safe to run by many processes at once,
 * and while programs of the former version work.
 *
 * @param patienceMs how long the change of one table is tried where others hold it up
 * @throws BatonError `queue-unreachable`, `queue-refused`, `database-pooled`, `migration-held-up`
 */
export async function preparePostgres(url: string, patienceMs?: number): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [PREPARE_LOCK]);
    await runMigrations(client, POSTGRES_QUEUE_SCHEMA);
    await client.query(CREATE_EPOCH);
    for (const { table, sql } of TABLE_CHANGES) {
      await changePatiently(client, { what: `The change of ${table}`, patienceMs }, () => client.query(sql));
    }
    await client.query(CREATE_TAKERS);
    await client.query(CREATE_PUT_TASK);
    await client.query(NUMBER_QUEUE);
    await grantQueueRights(client, patienceMs);
  });
}

/** @throws BatonError `queue-unreachable`, `queue-refused`, `queues-not-prepared`, `database-pooled` */
export async function checkPostgres(url: string): Promise<void> {
  const notPrepared = (cause?: unknown): BatonError => {
    const where = queueServerOf({ backend: 'postgres', url });
    return new BatonError(`The queues in ${where} do not exist yet, or are those of an older Baton.`, {
      code: 'queues-not-prepared',
      next: 'Run the migrations first: `baton up` does, or `node apps/orchestrator/dist/main.js migrate`.',
      cause,
    });
  };
  await withClient(url, async (client) => {
    try {
      await assertSchemaCompatibility(client, POSTGRES_QUEUE_SCHEMA);
      await client.query(READ_EPOCH);
      await client.query(HAS_TABLES);
      await client.query(`select from ${TAKERS} limit 0`);
    } catch (error) {
      throw isMissingTable(error) ? notPrepared(error) : error;
    }
    // Where a preparation was ended half-way each message that is put behind would be refused.
    const { rows } = await client.query<{ rungs: boolean }>(TAKE_RUNGS);
    if (rows[0]?.rungs !== true) throw notPrepared();
  });
}

const isMissingTable = (error: unknown): boolean =>
  error instanceof SchemaMigrationRequiredError ||
  (error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '3F000'));

/**
 * One pool for the process, and once it consumes one connection that listens. Each worker of BullMQ takes one out of the pool
 * for good, by whose name it is found, so the pool grows by one with every worker that has BullMQ's door: all but those of
 * lanes.
 */
export function openPostgres(url: string, name: string, log: MessagingLog, connections: number): Backend {
  const endpoint = queueServerOf({ backend: 'postgres', url });
  const target = postgresTarget(url);
  const pool = new pg.Pool({
    ...target,
    max: connections,
    application_name: `baton-queues-${name}`,
    connectionTimeoutMillis: CHECKOUT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    // BullMQ's statements name no schema. Set by statement, because `options` in the URL would win over ours.
    onConnect: async (client) => {
      await client.query(`set search_path to ${POSTGRES_QUEUE_SCHEMA}`);
    },
  });
  // Every queue and worker adds a listener to the pool and none takes it away.
  pool.setMaxListeners(0);
  pool.on('error', (error) => log.debug({ endpoint, err: error }, 'postgres connection error'));
  const connectionFor = patient(pool);
  const numbered = new Set<string>();
  const bells = new Bells(
    () =>
      postgresClient(url, {
        application_name: `baton-bells-${name}`,
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
        query_timeout: LISTEN_TIMEOUT_MS,
        keepAlive: true,
        keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      }),
    log,
  );

  const own = postgresStore(pool, bells);

  return {
    endpoint,
    async ping() {
      await pool.query('select 1');
    },
    // A pool connects on demand and a refused connection fails the request itself.
    awaitConnection: async () => {},
    openQueue: (queue) =>
      bothDoorsQueue(
        new Queue(
          queue,
          { connection: connectionFor(), streams: { events: { maxLen: EVENT_HISTORY } }, ...queueTelemetry() },
          createPostgresBackend,
        ),
        queue,
        own,
      ),
    async jobStates(queue, jobIds) {
      const { rows } = await pool.query<{ id: string; state: string }>(JOB_STATES, [queue, jobIds]);
      return new Map([...rows.map(({ id, state }) => [id, state] as const), ...(await own.states(queue, jobIds))]);
    },
    async flow(queue) {
      if (isOfLane(queue)) return own.flow(queue);
      const { rows } = await pool.query<{ oldest: number | null; done: number }>(FLOW, [queue]);
      return bothFlows(flowOf(rows[0]), await own.flow(queue));
    },
    put: (queue, messages) => own.put(queue, messages),
    async alongside() {
      const { rows } = await pool.query<{ may: boolean }>(MAY_PUT_TASK);
      return rows[0]?.may === true ? taskAlongside : null;
    },
    withdraw: (queue, jobIds) => own.withdraw(queue, jobIds),
    words: bells.words(pool),
    async prepareBulk(queue) {
      if (numbered.has(queue)) return;
      const { rows } = await pool.query<{ is_numbered: boolean }>(IS_NUMBERED, [queue]);
      if (rows[0]?.is_numbered !== true) await pool.query('select baton_number_queue($1)', [queue]);
      numbered.add(queue);
    },
    storable: toJsonb,
    openWorker(queue, processor, settings) {
      const slots = slotsOf(settings.concurrency);
      const ours = new OwnWorker(queue, slots.within(processor), settings, { store: own, room: slots.free });
      // Nobody but Baton's own workers is told of it.
      if (isOfLane(queue)) return ours;
      const process = slots.within(processor);
      const worker = new Worker(
        queue,
        async (job, token) => {
          job.data = fromJsonb(job.data);
          await process(job, token ?? '').finally(() => ours.ring());
        },
        {
          ...settings,
          autorun: false,
          ...queueTelemetry(),
          connection: connectionFor({ queue, ears: bells }),
          removeOnComplete: { age: roleOf(queue).keepCompletedSeconds },
        },
        createPostgresBackend,
      );
      // Only for one that was made: what failed to open never closes, and is tried again and again.
      pool.options.max += 1;
      worker.once('closed', () => {
        pool.options.max -= 1;
      });
      return new BothDoorsWorker(worker, ours, slots);
    },
    retention: (age) => ({ age }),
    async readEpoch() {
      const { rows } = await pool.query<{ value: string }>(READ_EPOCH);
      return rows[0]?.value ?? null;
    },
    async writeEpoch(value) {
      await pool.query(WRITE_EPOCH, [value]);
    },
    replaceEpoch: async (expected, next) => (await pool.query(REPLACE_EPOCH, [expected, next])).rowCount === 1,
    readEnd: async () => null,
    writeEnd: async () => {},
    // They stand in its own database.
    claimFor: async (log) => log,
    async close() {
      // A connection that a dead worker holds would keep `end` waiting for ever.
      await within(CLOSE_TIMEOUT_MS, bells.close());
      await within(CLOSE_TIMEOUT_MS, pool.end());
    },
  };
}
