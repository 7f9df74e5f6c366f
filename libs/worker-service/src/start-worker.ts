import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JsonObject, WorkerKind } from '@baton/contracts';
import { BullMqServer, createQueueService } from '@baton/queue-service';
import { nestLogger, type RunningService, type ServiceContext } from '@baton/service-kit';
import { workerMetrics } from '@baton/telemetry/metrics';
import { type HandlerParts, TAKE_TASK, type TakeTask, type TaskHandler, type WorkerEnv } from '@baton/worker';
import { connectWorker, withHeartbeats } from '@baton/worker/host';
import type { DynamicModule, Type } from '@nestjs/common';
import { z } from 'zod';

const STOP_TIMEOUT_MS = 5_000;
/** Of Baton, by which an operator sees who is brought up to date. */
const { version: VERSION } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));

export interface WorkerOptions {
  /** Its queue is `worker-<kind>`. */
  readonly kind: WorkerKind;
  /** What it does, in a sentence. */
  readonly description: string;
  /** JSON Schemas of what it takes and gives, for people to read and for whoever composes a workflow for a goal. */
  readonly input?: JsonObject | null;
  readonly output?: JsonObject | null;
  /** Has the controller for `message(workerQueue(kind), 'task')`, which passes task and delivery on to the injected TAKE_TASK. */
  readonly module: Type;
  /** What it throws fails the start, before any task is taken. */
  readonly createHandler: (parts: HandlerParts) => Promise<TaskHandler>;
}

/**
 * Puts a worker together as a Nest service: handler, database, queues, then the consumer, so that no task comes too
 * early. It sends the heartbeats of its tasks by itself. Throws what `connectWorker` throws and what `createHandler` throws; nothing is left open then.
 */
export async function startWorker(
  { kind, description, input, output, module, createHandler }: WorkerOptions,
  { log, health, register }: ServiceContext,
  env: WorkerEnv,
): Promise<RunningService> {
  const { connected, prepared: handler } = await connectWorker(
    {
      ...{ kind, description, version: VERSION, bundle: 1, looksForOdds: false },
      ...{ input: input ?? null, output: output ?? null },
      metrics: register === undefined ? undefined : workerMetrics(register),
    },
    createHandler,
    log,
    env,
  );
  const { messaging, source, deadLetter } = connected;
  const ports = { newId: randomUUID, nowMs: Date.now, log };
  const takeTask: TakeTask = (task, delivery) =>
    connected.takeTaskWith(withHeartbeats(handler, task, messaging, ports))(task, delivery);
  try {
    const server = new BullMqServer({ messaging, queues: [source], deadLetter, stopTimeoutMs: STOP_TIMEOUT_MS });
    const root: DynamicModule = {
      module,
      providers: [{ provide: TAKE_TASK, useValue: takeTask }],
    };
    const service = await createQueueService(root, server, { logger: nestLogger(log) });
    await service.listen();
    await server.whenReady();
    const { queue } = source;
    connected.followDrain({ rest: () => server.drain(queue), wake: () => server.wake(queue) });
    health.addCheck('database', connected.checkDatabase);
    health.addCheck('queues', () => server.check());
    return {
      stop: async () => {
        connected.leave();
        await service.close();
        await connected.close();
      },
    };
  } catch (error) {
    await connected.close();
    throw error;
  }
}
