import { randomUUID } from 'node:crypto';
import { type Json, type WorkerKind, workerMessages, workerQueue } from '@baton/contracts';
import {
  assertSchema,
  createPool,
  getBlob,
  journalRead,
  journalWrite,
  putBlob,
  recordDeadLetter,
} from '@baton/event-store';
import { BullMqServer, createQueueService, openMessaging } from '@baton/messaging';
import { nestLogger, type RunningService, type ServiceContext } from '@baton/service-kit';
import type { DynamicModule, Type } from '@nestjs/common';
import type { WorkerEnv } from './env.js';
import { createTakeTask, TAKE_TASK } from './take-task.js';
import type { TaskHandler, WorkerLog } from './task-handler.js';
import type { TaskPorts } from './task-to-result.js';

const STOP_TIMEOUT_MS = 5_000;

/** What a handler can be made from. */
export interface HandlerParts {
  /**
   * The journal of a command: its model responses by the ordinal of the call, from 0, to be read instead of paid for again
   * when the task comes a second time. The first write of an ordinal stands.
   */
  readonly journalFor: (commandId: string) => {
    readonly read: (callIndex: number) => Promise<Json | null>;
    readonly write: (callIndex: number, response: Json) => Promise<void>;
  };
  readonly log: WorkerLog;
  readonly now: () => Date;
}

export interface WorkerOptions {
  /** Its queue is `worker-<kind>`. */
  readonly kind: WorkerKind;
  /** Has the controller for `message(workerQueue(kind), 'task')`, which passes task and delivery on to the injected TAKE_TASK. */
  readonly module: Type;
  /** What it throws fails the start, before any task is taken. */
  readonly createHandler: (parts: HandlerParts) => Promise<TaskHandler>;
}

/**
 * Puts a worker together: handler, database, queues, then the consumer, so that no task comes too early. Throws
 * BatonError where the database or the queues cannot be used (`database-unreachable`, `schema-older`,
 * `queue-unreachable`, …), and what `createHandler` throws.
 */
export async function startWorker(
  { kind, module, createHandler }: WorkerOptions,
  { log, health }: ServiceContext,
  env: WorkerEnv,
): Promise<RunningService> {
  const now = (): Date => new Date();
  const pool = createPool(env.DATABASE_URL, { role: 'worker', applicationName: `baton-${kind}` });
  const handler = await createHandler({
    journalFor: (commandId) => ({
      read: (callIndex) => journalRead(pool, commandId, callIndex),
      write: (callIndex, response) => journalWrite(pool, commandId, callIndex, response),
    }),
    log,
    now,
  });
  await assertSchema(pool);
  const messaging = await openMessaging(
    env.REDIS_URL === undefined
      ? { backend: 'postgres', url: env.DATABASE_URL }
      : { backend: 'redis', url: env.REDIS_URL },
    { name: `baton-${kind}`, log },
  );

  const ports: TaskPorts = {
    readBlob: (ref) => getBlob(pool, ref),
    writeBlob: (text) => putBlob(pool, text),
    newId: randomUUID,
    now,
    log,
  };
  const server = new BullMqServer({
    messaging,
    queues: [{ queue: workerQueue(kind), messages: workerMessages, concurrency: env.BATON_CONCURRENCY }],
    // A request is the hub's to strike off; a task that claims to be one must not get stuck on that.
    deadLetter: ({ requestId: _, ...letter }) => recordDeadLetter(pool, letter),
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  const root: DynamicModule = {
    module,
    providers: [{ provide: TAKE_TASK, useValue: createTakeTask(handler, ports, messaging) }],
  };
  const service = await createQueueService(root, server, { logger: nestLogger(log) });
  await service.listen();
  await server.whenReady();
  health.addCheck('database', async () => void (await pool.query('select 1')));

  return {
    stop: async () => {
      await service.close();
      await messaging.close();
      await pool.end();
    },
  };
}
