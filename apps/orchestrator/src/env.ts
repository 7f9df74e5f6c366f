import { resolve } from 'node:path';
import { CountVariable, FlagVariable, readEnv } from '@baton/service-kit';
import { z } from 'zod';

const Database = z.object({
  DATABASE_URL: z.string(),
  REDIS_URL: z.string().optional(),
});

const Orchestrator = Database.extend({
  /** The folder of workflow documents. */
  BATON_WORKFLOWS_DIR: z.string().default(resolve(import.meta.dirname, '../../../workflows')),
  /** How many messages of a queue may wait for a commit at the same time. */
  BATON_CONCURRENCY: CountVariable.default(200),
  /** The most bytes of a task's result, or of a state's output, as JSON; more is States.DataLimitExceeded. */
  BATON_MAX_PAYLOAD_BYTES: CountVariable.default(4 * 1024 * 1024),
  /** Whether webhooks may lead to private addresses, and over plain http. */
  BATON_WEBHOOK_ALLOW_PRIVATE: FlagVariable.default(false),
  /** Names this process in the lane table. */
  HOSTNAME: z.string().default('localhost'),
});

export const readDatabaseEnv = (): z.output<typeof Database> => readEnv(Database, process.env);
export const readOrchestratorEnv = (): z.output<typeof Orchestrator> => readEnv(Orchestrator, process.env);
