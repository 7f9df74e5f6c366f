import { resolve } from 'node:path';
import { type Login, SecretReference, type Shard } from '@baton/contracts';
import {
  CountVariable,
  FlagVariable,
  PublicUrlVariable,
  readEnv,
  ShardVariables,
  shardOfEnv,
} from '@baton/service-kit';
import { DEFAULT_RUN_LIMITS } from '@baton/workflow';
import { z } from 'zod';

/** Whether a mail server can be told who sends, by a URL that is one. */
function hasReadableLogin(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

const Database = z.object({
  DATABASE_URL: z.string(),
  /** The Postgres itself, where DATABASE_URL leads to a pooler that hands out a connection for each transaction. */
  BATON_DATABASE_DIRECT_URL: z.string().optional(),
  REDIS_URL: z.string().optional(),
  ...ShardVariables,
});

const Orchestrator = Database.extend({
  /** The folder of workflow documents. */
  BATON_WORKFLOWS_DIR: z.string().default(resolve(import.meta.dirname, '../../../workflows')),
  /** How many messages of a queue may wait for a commit at the same time. */
  BATON_CONCURRENCY: CountVariable.default(200),
  /** The most bytes of a task's result, or of a state's output, as JSON; more is States.DataLimitExceeded. */
  BATON_MAX_PAYLOAD_BYTES: CountVariable.default(4 * 1024 * 1024),
  /** How long one expression may take where it is no small thing, in milliseconds. */
  BATON_EXPRESSION_MS: CountVariable.default(1_000),
  /** Threads for expressions that are no small thing, and for what is checked against the schemas of workflows. */
  BATON_EXPRESSION_THREADS: CountVariable.default(2),
  /** States that a frame of a run may enter without waiting for anything; more is taken for a loop without end. */
  BATON_STATES_WITHOUT_WAITING: CountVariable.default(DEFAULT_RUN_LIMITS.statesWithoutWaiting),
  /** What the expressions of one field may cost, in steps of the evaluator; more is States.QueryEvaluationError. */
  BATON_EXPRESSION_STEPS: CountVariable.default(DEFAULT_RUN_LIMITS.expressionSteps),
  /** Where those who get webhooks reach the gateway: what links begin with. */
  BATON_PUBLIC_URL: PublicUrlVariable.default('http://127.0.0.1:4400'),
  /** Whether webhooks may lead to private addresses, and over plain http. */
  BATON_WEBHOOK_ALLOW_PRIVATE: FlagVariable.default(false),
  /** Where mail of notifications goes: `smtp://` or `smtps://`, with user and password where the server wants them. */
  BATON_SMTP_URL: z
    .string()
    .refine((text) => URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol), 'expected smtp:// or smtps://')
    .refine(hasReadableLogin, 'expected user and password as in any URL: % is %25, @ is %40')
    .optional(),
  /** Whom it is from: an address, with a name or without. */
  BATON_SMTP_FROM: z.string().min(3).max(300).default('Baton <baton@localhost>'),
  /** `signed`: requests that come past the gateway have to be signed. */
  BATON_INTAKE: z.enum(['open', 'signed'], 'expected open or signed').default('open'),
  /** Names this process in the lane table. */
  HOSTNAME: z.string().default('localhost'),
});

/** Where what needs a connection of its own goes: migrations, logins, and queues on Postgres. */
export const directUrlOf = (env: z.output<typeof Database>): string =>
  env.BATON_DATABASE_DIRECT_URL ?? env.DATABASE_URL;

const Producers = Database.extend({
  /** Who makes producers, or takes them away, as the machine knows them. */
  BATON_PRODUCER_BY: z.string().default('owner'),
});
export const readDatabaseEnv = (): z.output<typeof Database> => readEnv(Database, process.env);
export const readProducerEnv = (): z.output<typeof Producers> => readEnv(Producers, process.env);

/** Passwords of logins; those that are given are provided. ASCII, so that none has to be prepared. */
const Password = z
  .string()
  .regex(/^[!-~]{16,}$/, 'expected at least 16 characters, letters and digits at best')
  .optional();
const Migration = Database.extend({
  /** Runs that ended so long ago are archived, in days; unset: none are. */
  BATON_ARCHIVE_AFTER_DAYS: z.coerce
    .number('expected a number of days')
    .positive('expected more than 0')
    .max(36_500)
    .optional(),
  /** A file with limits, which are put in force; without it those that are in force stay. */
  BATON_LIMITS: z.string().optional(),
  BATON_LOGIN_ORCHESTRATOR: Password,
  BATON_LOGIN_GATEWAY: Password,
  BATON_LOGIN_PLANNER: Password,
  BATON_LOGIN_VALIDATOR: Password,
  BATON_LOGIN_PROGRAMMER: Password,
  BATON_LOGIN_TESTER: Password,
  BATON_LOGIN_PROMPT: Password,
  BATON_LOGIN_ADVISOR: Password,
  BATON_LOGIN_DEPLOYER: Password,
  BATON_LOGIN_WORKER: Password,
});

const DAY_SECONDS = 86_400;

export interface MigrationEnv {
  readonly limitsFile?: string | undefined;
  /** How long runs must have ended before they are archived; null: they are not. */
  readonly archiveAfterSeconds: number | null;
  /** Which of all logs the database is; null: what it is. */
  readonly shard: Shard | null;
  readonly DATABASE_URL: string;
  readonly REDIS_URL?: string | undefined;
  readonly passwords: Readonly<Partial<Record<Login, string>>>;
}

/** What the preparation of the database takes: it alone works under the owner's own rights. */
export function readMigrationEnv(): MigrationEnv {
  const env = readEnv(Migration, process.env);
  const passwords: Readonly<Record<Login, string | undefined>> = {
    orchestrator: env.BATON_LOGIN_ORCHESTRATOR,
    gateway: env.BATON_LOGIN_GATEWAY,
    planner: env.BATON_LOGIN_PLANNER,
    validator: env.BATON_LOGIN_VALIDATOR,
    programmer: env.BATON_LOGIN_PROGRAMMER,
    tester: env.BATON_LOGIN_TESTER,
    prompt: env.BATON_LOGIN_PROMPT,
    advisor: env.BATON_LOGIN_ADVISOR,
    deployer: env.BATON_LOGIN_DEPLOYER,
    worker: env.BATON_LOGIN_WORKER,
  };
  const given = Object.entries(passwords).filter(([, password]) => password !== undefined);
  const days = env.BATON_ARCHIVE_AFTER_DAYS;
  return {
    DATABASE_URL: directUrlOf(env),
    REDIS_URL: env.REDIS_URL,
    limitsFile: env.BATON_LIMITS,
    shard: shardOfEnv(env),
    archiveAfterSeconds: days === undefined ? null : days * DAY_SECONDS,
    passwords: Object.fromEntries(given),
  };
}
export const readOrchestratorEnv = (): z.output<typeof Orchestrator> => readEnv(Orchestrator, process.env);

/** What rules of notifications refer to by its name. */
export const readNotifySecrets = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && SecretReference.safeParse(name).success ? [[name, value]] : [],
    ),
  );
