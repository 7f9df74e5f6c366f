import { BatonError, type CutSecrets, cutSecretsOf, readServerUrls } from '@baton/contracts';
import { CountVariable, type EnvSource, LogLevel, readEnv } from '@baton/service-kit';
import { z } from 'zod';

const urlOf = (protocols: readonly string[], example: string) =>
  z
    .string()
    .refine(
      (text) => readServerUrls(text)?.every(({ protocol }) => protocols.includes(protocol)) === true,
      `expected a URL such as ${example}`,
    );

const DATABASE = urlOf(['postgres:', 'postgresql:'], 'postgres://user:password@localhost:5432/baton');
const REDIS = ['redis:', 'rediss:', 'redis+sentinel:', 'rediss+sentinel:', 'redis+cluster:', 'rediss+cluster:'];

/** What every worker takes from its environment, as `readEnv` reads it. A worker with more to know extends it. */
export const WorkerEnv = z.object({
  DATABASE_URL: DATABASE,
  /** The Postgres itself, where DATABASE_URL leads to a pooler that hands out a connection for each transaction. */
  BATON_DATABASE_DIRECT_URL: DATABASE.optional(),
  /** Queues are on Redis when it is set, otherwise in the database. */
  REDIS_URL: urlOf(REDIS, 'redis://localhost:6379').optional(),
  /** How many tasks it works on at the same time. */
  BATON_CONCURRENCY: CountVariable.default(4),
});
export type WorkerEnv = z.output<typeof WorkerEnv>;

/** What a worker keeps to itself: the secrets of its settings, and of the environment of its process. */
export const secretsOf = (env: WorkerEnv, source: EnvSource = process.env): CutSecrets =>
  cutSecretsOf({ ...source, ...env });

/** A worker that is no service reads its log level too. */
const OwnWorkerEnv = WorkerEnv.extend({ BATON_LOG: LogLevel.default('info') });

/** Throws `invalid-environment`. */
export function readWorkerEnv(source: EnvSource = process.env): z.output<typeof OwnWorkerEnv> {
  if (source.DATABASE_URL !== undefined && source.DATABASE_URL !== '') return readEnv(OwnWorkerEnv, source);
  throw new BatonError('DATABASE_URL is not set.', {
    code: 'invalid-environment',
    next: 'Run `source .baton/env` in the folder where Baton was started, or set DATABASE_URL to that of its Postgres, and start again.',
  });
}

/** Whether `npm run`, `npm exec` or `npx` started this process. */
export const isStartedByNpm = (source: EnvSource = process.env): boolean =>
  source.npm_command !== undefined && source.npm_command !== '';
