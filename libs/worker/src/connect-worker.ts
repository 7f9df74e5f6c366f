import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  cutFromJson,
  type GivenApproval,
  type JournalPart,
  type Json,
  PROTOCOL_VERSION,
  type Task,
  type TemplateSet,
  type WorkerAnnouncement,
  type WorkerKind,
  workerMessages,
  workerQueue,
} from '@baton/contracts';
import {
  announceWorker,
  approvalGiven,
  assertSchema,
  assertWritable,
  beginDeployment,
  type CachedAnswer,
  cacheAnswer,
  cachedAnswerOf,
  closedCommands,
  createPool,
  endDeployment,
  endModelCall,
  getBlob,
  getBytes,
  isOfflineWork,
  journalBefore,
  journalDigest,
  journalRead,
  journalWrite,
  type ModelTurn,
  type ModelTurnAsked,
  modelCallGoesOn,
  modelTurn,
  putBlob,
  putBytes,
  recordDeadLetter,
  recordOfflineWork,
  refuseWorker,
  tellTemplates,
  workersBefore,
} from '@baton/event-store';
import { createBundleSender, type Messaging, openMessaging, type RecordDeadLetter } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { WorkerMetrics } from '@baton/telemetry/metrics';
import { createAnnouncer, type WorkerFacts } from './announcer.js';
import { secretsOf, type WorkerEnv } from './env.js';
import { joinedJournal, type TaskJournal } from './joined-journal.js';
import { refuseAtOdds } from './refuse-at-odds.js';
import { createTakeTask, type TakeTask } from './take-task.js';
import { createDrain, type Drain } from './taking.js';
import type { TaskHandler, WorkerLog } from './task-handler.js';
import type { ResultJob, TaskPorts } from './task-to-result.js';
import { createTaskWatch } from './task-watch.js';

/** What a handler can be made from. */
export interface HandlerParts {
  /**
   * The journal of a command: its model responses by the ordinal of the call, from 0, to be read instead of paid for again
   * when the task comes a second time. The first write of an ordinal stands. What the tasks noted that it continues stands in
   * front of its own.
   */
  readonly journalFor: (commandId: string, continues?: readonly JournalPart[]) => TaskJournal;
  /** Answers of models to other commands of this kind, by the SHA-256 (hex) of the request; kept for so many seconds. */
  readonly cacheFor: (
    commandId: string,
    ttlSeconds: number,
  ) => {
    readonly read: (sha256: string) => Promise<CachedAnswer | null>;
    readonly write: (sha256: string, response: Json) => Promise<void>;
  };
  /** What the offline model's tasks wrote in each run, by its SHA-256: noted by who writes code, asked for by who executes it. */
  readonly offlineWork: {
    readonly record: (commandId: string, sha256: string) => Promise<void>;
    readonly isKnown: (commandId: string, sha256: string) => Promise<boolean>;
  };
  /** What people approved in the run of a task of the deployer, and that each approval is used once. */
  readonly deployments: {
    readonly approvalGiven: (commandId: string, approvalId: string) => Promise<GivenApproval | null>;
    readonly begin: (
      commandId: string,
      what: { readonly approvalId: string; readonly tree: string },
    ) => Promise<{ readonly isNew: boolean; readonly outcome: Json | null }>;
    readonly end: (
      commandId: string,
      how: { readonly approvalId: string; readonly outcome: Json; readonly isRepeatable: boolean },
    ) => Promise<void>;
  };
  /** Bytes by their SHA-256 (hex): the files and trees of workspaces. A secret of the worker's is cut from a text before it is stored, so what counts is the hash that comes back. */
  readonly blobs: {
    readonly put: (bytes: Buffer) => Promise<{ readonly sha256: string; readonly size: number }>;
    readonly get: (sha256: string) => Promise<Buffer>;
  };
  /** Turns to ask models, counted over all processes; see `ModelTurns` of the models. */
  readonly turnsFor: (commandId: string) => {
    readonly take: (call: Omit<ModelTurnAsked, 'commandId'>) => Promise<ModelTurn>;
    readonly goesOn: (callId: string) => Promise<void>;
    readonly end: (callId: string, tokens: number | null) => Promise<void>;
  };
  /** Says which templates this kind of worker works with; their texts must be blobs already. */
  readonly tellTemplates: (told: TemplateSet) => Promise<void>;
  /** What the process counts; absent where nobody does. */
  readonly metrics?: WorkerMetrics | undefined;
  readonly log: WorkerLog;
  readonly now: () => Date;
}

/** A worker with its database and its queues open, before it takes the first task. */
export interface ConnectedWorker {
  readonly messaging: Messaging;
  /** The one queue it takes tasks from. */
  readonly source: {
    readonly queue: string;
    readonly messages: typeof workerMessages;
    readonly concurrency: number;
  };
  readonly deadLetter: RecordDeadLetter;
  /** Does a task with a handler, the worker's own or one made for this task. */
  readonly takeTaskWith: (handler: TaskHandler) => TakeTask;
  /** A task gave a sign of life: whoever looks at the run sees it. */
  readonly note: (commandId: string, progress?: string) => void;
  /** Whether nobody waits for the result of a task any more: it was answered, or given up. */
  readonly isClosed: (commandId: string) => Promise<boolean>;
  /** From now on what takes its tasks rests for as long as an operator wants it so. */
  readonly followDrain: Drain['follow'];
  /** Says that it takes no more tasks, because it ends. */
  readonly leave: () => void;
  readonly checkDatabase: () => Promise<void>;
  /** Takes leave, and closes queues and database. The consumer must have stopped. */
  readonly close: () => Promise<void>;
}

interface ConnectedAs extends Omit<WorkerFacts, 'concurrency' | 'kind' | 'hasOwnDoor' | 'looksAtRungs'> {
  readonly kind: WorkerKind;
  /** Whether it does not begin beside a worker of its kind that takes or gives something else (ADR 75). */
  readonly looksForOdds: boolean;
  /** Absent where nobody counts. */
  readonly metrics?: WorkerMetrics | undefined;
}

/**
 * Opens what a worker of this kind needs, whatever takes its tasks; `prepare` runs before the queues are opened, with what handlers are made
 * from. Closes what is open when a step fails. Throws BatonError where the database or the queues cannot be used
 * (`database-unreachable`, `schema-older`, `queue-unreachable`, …), and what `prepare` throws.
 */
export async function connectWorker<T>(
  { kind, looksForOdds, metrics, ...about }: ConnectedAs,
  prepare: (parts: HandlerParts) => Promise<T>,
  log: Logger,
  env: WorkerEnv,
): Promise<{ readonly connected: ConnectedWorker; readonly prepared: T }> {
  const now = (): Date => new Date();
  const cut = secretsOf(env);
  const pool = createPool(env.DATABASE_URL, {
    role: 'worker',
    applicationName: `baton-${kind}`,
    isPooled: env.BATON_DATABASE_DIRECT_URL !== undefined,
  });
  /** Tasks in work that looked into their journal: only they have to be asked for its hash. */
  const withJournal = new Set<string>();
  try {
    await assertSchema(pool);
    const prepared = await prepare({
      journalFor: (commandId, continues = []) =>
        joinedJournal(
          continues,
          {
            read: (callIndex) => {
              withJournal.add(commandId);
              return journalRead(pool, commandId, callIndex);
            },
            write: (callIndex, response) => {
              withJournal.add(commandId);
              return journalWrite(pool, commandId, callIndex, cutFromJson(response, cut));
            },
          },
          (earlier, callIndex) => journalBefore(pool, commandId, earlier, callIndex),
        ),
      cacheFor: (commandId, ttlSeconds) => ({
        read: (sha256) => cachedAnswerOf(pool, commandId, sha256, ttlSeconds),
        write: (sha256, response) =>
          cacheAnswer(pool, commandId, sha256, { response: cutFromJson(response, cut), ttlSeconds }),
      }),
      offlineWork: {
        record: (commandId, sha256) => recordOfflineWork(pool, commandId, sha256),
        isKnown: (commandId, sha256) => isOfflineWork(pool, commandId, sha256),
      },
      deployments: {
        approvalGiven: (commandId, approvalId) => approvalGiven(pool, commandId, approvalId),
        begin: (commandId, what) => beginDeployment(pool, commandId, what),
        end: (commandId, how) => endDeployment(pool, commandId, { ...how, outcome: cutFromJson(how.outcome, cut) }),
      },
      blobs: {
        put: (bytes) => putBytes(pool, isUtf8(bytes) ? Buffer.from(cut(bytes.toString('utf8'))) : bytes),
        get: (sha256) => getBytes(pool, sha256),
      },
      turnsFor: (commandId) => ({
        take: (call) => modelTurn(pool, { ...call, commandId }),
        goesOn: (callId) => modelCallGoesOn(pool, callId),
        end: (callId, tokens) => endModelCall(pool, callId, tokens),
      }),
      tellTemplates: (told) => tellTemplates(pool, kind, told),
      metrics,
      log,
      now,
    });
    const messaging = await openMessaging(
      env.REDIS_URL === undefined
        ? { backend: 'postgres', url: env.BATON_DATABASE_DIRECT_URL ?? env.DATABASE_URL }
        : { backend: 'redis', url: env.REDIS_URL },
      { name: `baton-${kind}`, log, cut },
    );
    const ports: TaskPorts = {
      readBlob: (ref) => getBlob(pool, ref),
      writeBlob: (text) => putBlob(pool, cut(text)),
      journaled: async (commandId) => (withJournal.has(commandId) ? journalDigest(pool, commandId) : null),
      newId: randomUUID,
      now,
      log,
    };
    metrics?.slots(kind, env.BATON_CONCURRENCY);
    const bundles = createBundleSender(messaging);
    // A hub that names the queue for a result takes bundles of them, too.
    const sendResult = ({ queue, ...result }: ResultJob, { replyTo }: Task): Promise<void> =>
      replyTo === undefined ? messaging.publish(queue, [result]) : bundles.send(queue, result);
    const workerId = randomUUID();
    const facts = { kind, ...about, concurrency: env.BATON_CONCURRENCY, hasOwnDoor: true, looksAtRungs: true };
    const self = { workerId, host: hostname(), pid: process.pid };
    if (looksForOdds) {
      const first: WorkerAnnouncement = {
        v: PROTOCOL_VERSION,
        ...facts,
        ...self,
        tasks: [],
        isDraining: false,
        isStopped: false,
      };
      await refuseAtOdds(facts, {
        announce: () => announceWorker(pool, first),
        before: () => workersBefore(pool, workerId),
        refuse: (reason) => refuseWorker(pool, workerId, reason),
        log,
      }).catch(async (thrown: unknown) => {
        await messaging.close();
        throw thrown;
      });
    }
    const watch = createTaskWatch({ closedCommands: (commandIds) => closedCommands(pool, commandIds), log });
    const announcer = createAnnouncer(facts, {
      send: (announcement) => announceWorker(pool, announcement),
      onDrainWanted: (isWanted) => drain.want(isWanted),
      ...self,
      monotonicMs: () => performance.now(),
      log,
    });
    const drain = createDrain({ draining: announcer.draining, log });
    const connected: ConnectedWorker = {
      messaging,
      followDrain: drain.follow,
      leave: () => announcer.draining(true),
      source: { queue: workerQueue(kind), messages: workerMessages, concurrency: env.BATON_CONCURRENCY },
      // A request is the hub's to strike off; a task that claims to be one must not get stuck on that.
      deadLetter: ({ requestId: _, ...letter }) => recordDeadLetter(pool, cutFromJson(letter, cut)),
      takeTaskWith: (handler) => {
        const takeTask = createTakeTask(handler, ports, sendResult, { watch, announcer, metrics });
        return (task, delivery) => takeTask(task, delivery).finally(() => withJournal.delete(task.commandId));
      },
      note: announcer.note,
      isClosed: async (commandId) => (await watch.reasonNotToBegin(commandId)) !== null,
      checkDatabase: () => assertWritable(pool),
      close: async () => {
        await announcer.stop();
        await messaging.close();
        await pool.end();
      },
    };
    return { connected, prepared };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
