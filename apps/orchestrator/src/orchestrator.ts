import { CATALOG_THREAD, catalogMigrations, checksOn, openWorkflowCatalog } from '@baton/catalog';
import { cutFromJson, laneResultsQueue } from '@baton/contracts';
import {
  assertSchema,
  assertShard,
  assertWritable,
  createPool,
  eventStoreMigrations,
  type LetIn,
  lanesLeftBehind,
  personalKeyStore,
  recordDeadLetter,
  releaseParkedRuns,
} from '@baton/event-store';
import { openMessaging, queueEpoch, restoreRedisProducers } from '@baton/messaging';
import { NotificationSender, notificationsMigrations, RuleSender } from '@baton/notifications';
import { resolveHost } from '@baton/outbound';
import { rememberingKeys, Sealer } from '@baton/personal-data';
import { BullMqServer, createQueueService } from '@baton/queue-service';
import { readModelMigrations } from '@baton/read-model';
import { nestLogger, type RunningService, readSecrets, type ServiceContext, shardOfEnv } from '@baton/service-kit';
import { hubMetrics } from '@baton/telemetry/metrics';
import { evaluatorOn, openStoppable, THREAD_ENTRY } from '@baton/threads';
import { readNotifySecrets, readOrchestratorEnv } from './env.js';
import { Hub } from './hub/hub.js';
import { LIVES_WHILE_LASTING_MS } from './hub/lane-lease.js';
import { LogEnd } from './hub/log-end.js';
import { isGone, ownerOf, thisMachine } from './hub/owner.js';
import { Repeat } from './hub/repeat.js';
import { orchestratorModule } from './orchestrator.module.js';
import { assertOwnQueues } from './own-queues.js';
import { PlaceLine } from './places/place-line.js';
import { redisProducers } from './producers/producer-command.js';
import { queuesOf, servedQueues, serveLanes } from './queues.js';
import { takeInbox, takeStored } from './requests/inbox.js';
import { InboxLine } from './requests/inbox-line.js';
import { fireSchedules } from './schedules/fire-schedules.js';

const STOP_TIMEOUT_MS = 5_000;
const TAKE_INBOX_EVERY_MS = 2_000;
/** Within the time after which a process counts as gone, so that little is added to it. */
const SERVE_LANES_EVERY_MS = 2_000;
/** How long a producer is kept out after a restart of a Redis that keeps no users. */
const LOOK_AFTER_PRODUCERS_EVERY_MS = 10_000;
const INBOX_GRACE_MS = 3_000;
const FIRE_SCHEDULES_EVERY_MS = 1_000;
const CONNECTIONS = 6;
const THREAD_MEMORY_MB = 256;
const monotonicMs = (): number => performance.now();
/** Apart from the hub's, so that no append ever waits for a webhook. */
const WEBHOOK_CONNECTIONS = 5;
/** Of a mail server, or of a channel. */
const TELLING_TIMEOUT_MS = 15_000;

/** Puts one orchestrator together: database, queues, hub, then the consumers, so that no message comes too early. */
export async function startOrchestrator({
  log,
  health,
  register,
  isTracing,
  fail,
}: ServiceContext): Promise<RunningService> {
  const env = readOrchestratorEnv();
  const cut = readSecrets();
  const machine = thisMachine();
  const isPooled = env.BATON_DATABASE_DIRECT_URL !== undefined;
  const logEnd = new LogEnd(log, fail);
  const pool = createPool(env.DATABASE_URL, {
    role: 'hub',
    applicationName: 'baton-orchestrator',
    max: CONNECTIONS,
    isPooled,
    assure: (client) => logEnd.assure(client),
  });
  await assertSchema(pool, [eventStoreMigrations, catalogMigrations, readModelMigrations, notificationsMigrations]);
  const shard = await assertShard(pool, shardOfEnv(env));
  const threads = openStoppable({
    entry: THREAD_ENTRY,
    threads: env.BATON_EXPRESSION_THREADS,
    memoryMb: THREAD_MEMORY_MB,
    monotonicMs,
  });
  // Of its own: what is submitted must not stand in line behind expressions that take their time.
  const checking = openStoppable({ entry: CATALOG_THREAD, threads: 1, memoryMb: THREAD_MEMORY_MB, monotonicMs });
  const catalog = await openWorkflowCatalog(pool, env.BATON_WORKFLOWS_DIR, log, checksOn(checking));
  const messaging = await openMessaging(queuesOf(env), { name: 'baton-orchestrator', log, cut });
  await assertOwnQueues(pool, queueEpoch(messaging), shard);
  await logEnd.open(pool, queueEpoch(messaging));
  for (const runId of await releaseParkedRuns(pool)) log.info({ runId }, 'parked run released');
  const expressions = { timeMs: env.BATON_EXPRESSION_MS, setting: 'BATON_EXPRESSION_MS', monotonicMs };
  let onEnded = (): void => {};
  const hub = await Hub.start({
    onEnded: () => onEnded(),
    evaluatorFor: (onWait) => evaluatorOn(threads, { ...expressions, onWait }),
    pool,
    messaging,
    catalog,
    maxPayloadBytes: env.BATON_MAX_PAYLOAD_BYTES,
    limits: { statesWithoutWaiting: env.BATON_STATES_WITHOUT_WAITING, expressionSteps: env.BATON_EXPRESSION_STEPS },
    sealer: new Sealer(rememberingKeys(personalKeyStore(pool), monotonicMs)),
    owner: ownerOf(env.HOSTNAME, process.pid, machine),
    isGone: (owner) => isGone(owner, machine),
    nowMs: Date.now,
    monotonicMs,
    log,
    logEnd,
    ...(register === undefined ? {} : { metrics: hubMetrics(register) }),
    isTracing,
    onFenced: fail,
  });

  const taking = {
    pool,
    shard,
    catalog,
    sealer: hub.sealer,
    handle: hub.handle.bind(hub),
    suspects: hub.suspects,
    monotonicMs,
    log,
  };
  const places = await PlaceLine.open({
    pool,
    take: (request) => takeStored(request, taking),
    isFirst: () => hub.isFirst,
    log,
  });
  onEnded = () => places.ring();
  const inboxPorts = { ...taking, line: places, graceMs: INBOX_GRACE_MS };
  const line = new InboxLine();
  const lookIntoInbox = async (): Promise<void> => {
    // What lies there is in no lane: one hub is enough.
    if (hub.isFirst) await takeInbox(inboxPorts, line);
  };
  const inbox = new Repeat('inbox', TAKE_INBOX_EVERY_MS, lookIntoInbox, log).start();
  const firing = { pool, shard, take: (request: LetIn) => takeStored(request, inboxPorts), log };
  const fire = async (): Promise<void> => {
    // Two that look at once do no harm, and one is enough.
    if (hub.isFirst) await fireSchedules(firing);
  };
  const schedules = new Repeat('schedules', FIRE_SCHEDULES_EVERY_MS, fire, log).start();
  const server = new BullMqServer({
    messaging,
    queues: servedQueues(env.BATON_CONCURRENCY),
    deadLetter: (letter) => recordDeadLetter(pool, cutFromJson(letter, cut)),
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  const service = await createQueueService(
    orchestratorModule({ hub, catalog, pool, shard, isSignedOnly: env.BATON_INTAKE === 'signed', line: places }),
    server,
    {
      logger: nestLogger(log),
    },
  );
  await service.listen();
  server.wake(laneResultsQueue(hub.lane));
  await server.whenReady();
  const lanes = new Repeat(
    'lanes',
    SERVE_LANES_EVERY_MS,
    () => serveLanes(server, hub.lane, () => lanesLeftBehind(pool, LIVES_WHILE_LASTING_MS)),
    log,
  ).start();
  // A hint: where it is missed, the round finds the lane.
  const unlisten = await hub.onLaneGiven(() => lanes.now());
  const producers = new Repeat(
    'producers',
    LOOK_AFTER_PRODUCERS_EVERY_MS,
    async () => {
      if (env.REDIS_URL !== undefined && hub.isFirst)
        await restoreRedisProducers(env.REDIS_URL, await redisProducers(pool), log);
    },
    log,
  ).start();
  const ends = logEnd.watch(pool);
  const webhookPool = createPool(env.DATABASE_URL, {
    role: 'hub',
    applicationName: 'baton-webhooks',
    max: WEBHOOK_CONNECTIONS,
    isPooled,
  });
  const telling = {
    pool: webhookPool,
    log,
    publicUrl: env.BATON_PUBLIC_URL,
    allowPrivate: env.BATON_WEBHOOK_ALLOW_PRIVATE,
    resolve: resolveHost,
    random: Math.random,
  };
  const sender = NotificationSender.start({ ...telling, nowMs: Date.now, monotonicMs });
  const { BATON_SMTP_URL: smtp, BATON_SMTP_FROM: from } = env;
  const rules = RuleSender.start({
    ...telling,
    cut,
    timeoutMs: TELLING_TIMEOUT_MS,
    mailServer: smtp === undefined ? null : { url: smtp, from },
    secrets: readNotifySecrets(),
  });
  health.addCheck('database', () => assertWritable(pool));
  health.addCheck('queues', () => server.check());

  return {
    stop: async () => {
      unlisten();
      // First, so that the others are there for what comes from now on, before this one takes no more.
      await hub.giveLaneAway();
      await lanes.stop();
      await producers.stop();
      await ends.stop();
      await Promise.all([service.close(), sender.stop(), rules.stop()]);
      await schedules.stop();
      await inbox.stop();
      await places.stop();
      await hub.stop();
      await logEnd.stop();
      await Promise.all([threads.close(), checking.close()]);
      await messaging.close();
      await webhookPool.end();
      await pool.end();
    },
  };
}
