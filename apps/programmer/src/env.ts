import { resolve } from 'node:path';
import { CountVariable, readEnv } from '@baton/service-kit';
import { z } from 'zod';

const ProgrammerEnv = z.object({
  DATABASE_URL: z.string(),
  /** Queues are on Redis when it is set, otherwise in the database. */
  REDIS_URL: z.string().optional(),
  /** Without it the offline model answers. */
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: z.string().optional(),
  BATON_MODEL: z.string().optional(),
  BATON_MODEL_PROGRAMMER: z.string().optional(),
  BATON_PROMPTS_DIR: z.string().default(resolve(import.meta.dirname, '../../../prompts')),
  /** How many tasks it works on at the same time. */
  BATON_CONCURRENCY: CountVariable.default(4),
});

export type ProgrammerEnv = z.output<typeof ProgrammerEnv>;

export const readProgrammerEnv = (): ProgrammerEnv => readEnv(ProgrammerEnv, process.env);
