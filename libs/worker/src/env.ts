import { CountVariable, type EnvSource, LogLevel, readEnv } from '@baton/service-kit';
import { z } from 'zod';

/** What every worker takes from its environment, as `readEnv` reads it. A worker with more to know extends it. */
export const WorkerEnv = z.object({
  DATABASE_URL: z.string(),
  /** Queues are on Redis when it is set, otherwise in the database. */
  REDIS_URL: z.string().optional(),
  /** How many tasks it works on at the same time. */
  BATON_CONCURRENCY: CountVariable.default(4),
});
export type WorkerEnv = z.output<typeof WorkerEnv>;

/** A worker that is no service reads its log level too. */
const OwnWorkerEnv = WorkerEnv.extend({ BATON_LOG: LogLevel.default('info') });

/** Throws `invalid-environment`. */
export const readWorkerEnv = (source: EnvSource = process.env): z.output<typeof OwnWorkerEnv> =>
  readEnv(OwnWorkerEnv, source);
