import { randomUUID } from 'node:crypto';
import { chooseModel, createAgents } from '@baton/agents';
import { workerMessages, workerQueue } from '@baton/contracts';
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
import type { TaskPorts } from '@baton/worker';
import type { ValidatorEnv } from './env.js';
import { validatorModule } from './validator.module.js';

const STOP_TIMEOUT_MS = 5_000;

/** Puts the validator together: model and prompts, database, queues, then the consumer, so that no task comes too early. */
export async function startValidator({ log, health }: ServiceContext, env: ValidatorEnv): Promise<RunningService> {
  const now = (): Date => new Date();
  const pool = createPool(env.DATABASE_URL, { role: 'worker', applicationName: 'baton-validator' });
  const model = chooseModel('validator', {
    apiKey: env.ANTHROPIC_API_KEY,
    baseUrl: env.ANTHROPIC_BASE_URL,
    model: env.BATON_MODEL_VALIDATOR ?? env.BATON_MODEL,
  });
  const agents = await createAgents({
    callModel: model.callModel,
    modelFor: () => model.name,
    promptsDir: env.BATON_PROMPTS_DIR,
    executeGenerated: env.BATON_SANDBOX === 'none' ? 'always' : 'offline-only',
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
    { name: 'baton-validator', log },
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
    queues: [{ queue: workerQueue('validator'), messages: workerMessages, concurrency: env.BATON_CONCURRENCY }],
    // A request is the hub's to strike off; a task that claims to be one must not get stuck on that.
    deadLetter: ({ requestId: _, ...letter }) => recordDeadLetter(pool, letter),
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  const parts = { handler: agents.validator, messaging, ports };
  const service = await createQueueService(validatorModule(parts), server, { logger: nestLogger(log) });
  await service.listen();
  await server.whenReady();
  health.addCheck('database', async () => void (await pool.query('select 1')));
  log.info({ model: model.name }, 'model chosen');

  return {
    stop: async () => {
      await service.close();
      await messaging.close();
      await pool.end();
    },
  };
}
