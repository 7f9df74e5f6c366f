import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { CATALOG_THREAD, catalogMigrations, checksOn, openWorkflowCatalog } from '@baton/catalog';
import { BatonError, toError } from '@baton/contracts';
import {
  assertNoLogLoss,
  assertSchema,
  assertShard,
  assertWritable,
  createPool,
  eventStoreMigrations,
  heldLanes,
  personalKeyStore,
} from '@baton/event-store';
import { notificationsMigrations } from '@baton/notifications';
import { resolveHost } from '@baton/outbound';
import { rememberingKeys, Sealer } from '@baton/personal-data';
import { Projector, readModelMigrations } from '@baton/read-model';
import { type RunningService, type ServiceContext, shardOfEnv } from '@baton/service-kit';
import { evaluatorOn, openStoppable } from '@baton/threads';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openArchives } from './archive/open-archives.js';
import { currentCaller } from './auth/caller.js';
import { oidcConfigOf } from './auth/oidc-config.js';
import { openUsers } from './auth/oidc-users.js';
import { openSignIns } from './auth/sign-ins.js';
import { isTlsUnbelieved, UNSEEN_TLS } from './auth/unseen-tls.js';
import { Checkpointer } from './checkpoints/checkpointer.js';
import { createApp } from './create-app.js';
import { type Env, readGatewayEnv, SHIPPED_PROMPTS } from './env.js';
import { isLoopback } from './http/known-hosts.js';
import { InHand } from './in-hand/in-hand.js';
import { readPage } from './page/read-page.js';
import { Backlog } from './parts/backlog.js';
import { Ends } from './parts/ends.js';
import { intakeShares } from './parts/intake-shares.js';
import { LogTail } from './parts/log-tail.js';
import { gatewayMetrics } from './parts/metrics.js';
import { OperationsWatch } from './parts/operations-watch.js';
import { Queues } from './parts/queues.js';
import { keptFor } from './pruning/prune-env.js';
import { Pruner } from './pruning/pruner.js';
import { openPublication } from './publication/open-publication.js';
import { queueCounts } from './queues/queue-counts.js';
import { readKnownTemplates } from './workflows/known-templates.js';

const CONNECTIONS = 12;
/** Of requests that begin runs; as many at once leave some of the connections to whoever looks. */
const IN_HAND = { bytes: 64 * 1024 * 1024, atOnce: 8, waitMs: 5_000 };
/** For what is checked of documents and inputs: they are anybody's, and may take for ever. */
/** For what a hook makes of a body. */
const HOOK_EXPRESSION_MS = 500;
const THREADS = 2;
const THREAD_MEMORY_MB = 256;
const SCHEMAS = [eventStoreMigrations, catalogMigrations, readModelMigrations, notificationsMigrations];

/** Puts one gateway together: database, projection, live tail, then the HTTP server. Queues are opened when needed. */
export const startGateway = (context: ServiceContext): Promise<RunningService> => serve(readGatewayEnv(), context);

/** As startGateway, with the environment given. */
export async function serve(
  env: Env,
  { log, health, register, isTracing = false }: Pick<ServiceContext, 'log' | 'health' | 'register' | 'isTracing'>,
): Promise<RunningService> {
  const publication = openPublication(env);
  const pool = createPool(env.DATABASE_URL, {
    role: 'gateway',
    applicationName: 'baton-gateway',
    max: CONNECTIONS,
    isPooled: env.BATON_DATABASE_DIRECT_URL !== undefined,
  });
  await assertSchema(pool, SCHEMAS);
  const shard = await assertShard(pool, shardOfEnv(env));
  if (shard.of > 1) health.addFact('shard', `${shard.number} of ${shard.of}`);
  const threads = openStoppable({
    entry: CATALOG_THREAD,
    threads: THREADS,
    memoryMb: THREAD_MEMORY_MB,
    monotonicMs: () => performance.now(),
  });
  const catalog = await openWorkflowCatalog(pool, env.BATON_WORKFLOWS_DIR, log, checksOn(threads));
  const projector = Projector.start({ pool, log });
  const tail = new LogTail(pool, log);
  const queues = new Queues(queuesOf(env), log);
  const backlog = new Backlog({
    queues,
    lanes: () => heldLanes(pool),
    leastWaiting: orNull(env.BATON_MOST_WAITING),
    monotonicMs: () => performance.now(),
    log,
  });
  const counts = () => queueCounts({ catalog, queues });
  const watch = new OperationsWatch({ pool, queueCounts: counts, log });
  const ends = new Ends(queues, () => projector.look(), log);
  const oidc = oidcConfigOf(env);
  const audit = { pool, publication, keys: join(resolve(env.BATON_HOME), 'keys') };
  const checkpointer =
    publication === null
      ? null
      : Checkpointer.start({
          ...audit,
          publication,
          log,
          delayMs: env.BATON_CHECKPOINT_SECONDS * 1_000,
          events: env.BATON_CHECKPOINT_EVENTS,
        });
  const archives = openArchives(
    { audit, checkpointer, log },
    resolve(env.BATON_ARCHIVE ?? join(env.BATON_HOME, 'archive')),
  );
  const sealer = new Sealer(rememberingKeys(personalKeyStore(pool), () => performance.now()));
  const pruner = Pruner.start({ pool, sealer, keptFor: keptFor(env), log });
  const monotonicMs = (): number => performance.now();
  const requests = orNull(env.BATON_MOST_IN_HAND);
  const inHand = requests === null ? null : new InHand({ requests, ...IN_HAND }, monotonicMs);
  const users = oidc === null ? null : openUsers(oidc, monotonicMs);
  const identities = { pool, token: env.BATON_TOKEN, users, log, nowMs: Date.now };
  const parts = {
    pool,
    shard,
    audit,
    checkpointer,
    archives,
    databaseUrl: directUrlOf(env),
    catalog,
    templates: await readKnownTemplates([SHIPPED_PROMPTS, ...env.BATON_PROMPTS_DIR]),
    queues,
    backlog,
    intakeShares: intakeShares(monotonicMs),
    tail,
    watch,
    ends,
    metrics: gatewayMetrics({ pool, tail, queueCounts: counts, inHand, register }),
    health,
    log,
    webhookTargets: { allowPrivate: env.BATON_WEBHOOK_ALLOW_PRIVATE, resolve: resolveHost },
    token: env.BATON_TOKEN,
    publicUrl: env.BATON_PUBLIC_URL ?? null,
    users,
    signIns: openSignIns(identities, monotonicMs),
    sealer,
    hookSecrets: env.hookSecrets ?? new Map(),
    evaluator: evaluatorOn(threads, { timeMs: HOOK_EXPRESSION_MS, setting: 'the time that a hook has', monotonicMs }),
    caller: currentCaller,
    nowMs: Date.now,
    newId: randomUUID,
  };
  const page = env.BATON_WEB === 'off' ? undefined : await readPage(resolve(env.BATON_WEB));
  if (page === null) log.info({ folder: resolve(env.BATON_WEB) }, 'the dashboard is not built, so none is served');
  const doors = {
    rates: { address: orNull(env.BATON_RATE_PER_ADDRESS), key: orNull(env.BATON_RATE_PER_KEY) },
    inHand,
    hosts: hostsOf(env),
    trustedProxies: env.BATON_TRUSTED_PROXIES,
  };
  if (isTlsUnbelieved(env)) log.warn({ publicUrl: env.BATON_PUBLIC_URL }, UNSEEN_TLS);
  const app = await createApp(parts, doors, { isTracing, ...(page === undefined ? {} : { page }) });
  await listen(app, env);

  health.addCheck('postgres', () => assertWritable(pool));
  health.addCheck('log', () => assertNoLogLoss(pool));
  health.addCheck('schema', () => assertSchema(pool, SCHEMAS));
  health.addCheck('queues', () => queues.check());
  health.addCheck('projection', async () => {
    if (projector.state.status === 'stopped') throw projector.state.error;
  });
  health.addCheck('checkpoints', async () => {
    if (checkpointer?.state.status === 'stopped') throw checkpointer.state.error;
  });

  return {
    stop: async () => {
      // Live streams end first: the server waits for its connections.
      await tail.stop();
      await watch.stop();
      await app.close();
      await archives.stop();
      await pruner.stop();
      await checkpointer?.stop();
      await projector.stop();
      await queues.close();
      await threads.close();
      await pool.end();
    },
  };
}

/** Who listens to other machines is reached by names that nobody can know here, unless they are said. */
function hostsOf({
  BATON_HOST: host,
  BATON_ALLOWED_HOSTS: names,
  BATON_PUBLIC_URL: url,
}: Env): readonly string[] | null {
  if (!isLoopback(host) && names.length === 0) return null;
  return url === undefined ? names : [...names, new URL(url).host];
}

const orNull = (count: number): number | null => (count === 0 ? null : count);

const directUrlOf = ({ DATABASE_URL, BATON_DATABASE_DIRECT_URL }: Env): string =>
  BATON_DATABASE_DIRECT_URL ?? DATABASE_URL;

const queuesOf = (env: Env) =>
  env.REDIS_URL === undefined
    ? ({ backend: 'postgres', url: directUrlOf(env) } as const)
    : ({ backend: 'redis', url: env.REDIS_URL } as const);

async function listen(app: NestFastifyApplication, { BATON_HOST: host, BATON_PORT: port }: Env): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (thrown) {
    const error = toError(thrown);
    const isTaken = 'code' in error && error.code === 'EADDRINUSE';
    throw new BatonError(
      isTaken
        ? `Port ${port} on ${host} is in use.`
        : `The gateway cannot listen on ${host}:${port}: ${error.message}.`,
      {
        code: isTaken ? 'port-in-use' : 'cannot-listen',
        next: 'Give BATON_PORT a free port, or stop what uses this one.',
        cause: error,
      },
    );
  }
}
