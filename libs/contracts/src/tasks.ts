import { z } from 'zod';
import { Envelope } from './envelope.js';
import { HandIn } from './hand-ins.js';
import { BlobRef, Json } from './json.js';
import { KnowledgeUse } from './knowledge.js';
import { JournalPart, TaskAnswer, TaskAsks } from './questions.js';

/*
 * What hub and workers tell each other. A member that is not known is left out, and never refused: a worker may be newer
 * than its hub or older, and a result that was paid for must not be lost for what it says in addition. What is known has to
 * fit; what a reader must not leave out gets another protocol version.
 */

/** A worker kind: the part after `baton:worker:` in a Task's Resource; its queue is `worker-<kind>`. */
export const WorkerKind = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected lower case letters, digits and dashes');
export type WorkerKind = z.infer<typeof WorkerKind>;

export const TaskBudget = z.object({
  usd: z.number().nonnegative().optional(),
  tokens: z.int().nonnegative().optional(),
});
export type TaskBudget = z.infer<typeof TaskBudget>;

/** The most tokens that one answer of a model may have, its thinking included. */
export const MaxOutputTokens = z.int().positive().max(128_000);

/** How much thought an answer is worth, where a model has a measure for it. */
export const Effort = z.enum(['low', 'medium', 'high', 'xhigh', 'max']);
export type Effort = z.infer<typeof Effort>;

/** How a task that failed for good is sent out again; the worker finds it in its arguments as `recovery.strategy`. */
export const RecoveryStrategy = z.enum([
  'extended_timeout',
  'escalate_model',
  'alternate_template',
  'reduced_scope',
  'same',
]);
export type RecoveryStrategy = z.infer<typeof RecoveryStrategy>;

/** What only whoever was given a task can know. */
const TaskNonce = z.string().regex(/^[\w-]{1,64}$/);

/** Job `task` on `worker-<kind>`: one unit of work. Exactly one of `arguments` and `blobRef` is present. */
export const Task = Envelope.extend({
  kind: WorkerKind,
  /** The name of the state that asks. */
  state: z.string().min(1),
  /** 1 for the first try. */
  attempt: z.int().positive(),
  arguments: Json.optional(),
  blobRef: BlobRef.optional(),
  heartbeatSeconds: z.number().positive().optional(),
  /** Where it is there, it ends the job id of the result, `r-<commandId>-<dispatchNo>-<nonce>`, and heartbeats name it. */
  nonce: TaskNonce.optional(),
  /** The queue for its result and its heartbeats; where it is left out, that of its run: `results-<p>`. */
  replyTo: z
    .string()
    .regex(/^results-[a-z0-9-]{1,40}$/)
    .optional(),
  budget: TaskBudget.optional(),
  /** What the run was submitted with for its agents; a worker without a model makes nothing of it. */
  agents: z
    .object({
      model: z.string().optional(),
      templates: z.record(z.string(), z.string()).optional(),
      /** Which tools of servers the run leaves to its agents; no run begins with it while an agent lives that would leave it out. */
      mcpServers: z.array(z.string()).optional(),
    })
    .optional(),
  /** How many questions it may put to a person; absent: nobody may be asked. */
  questions: z.int().positive().optional(),
  /**
   * There where this one goes on from earlier tasks, one that asked a person or one whose share of the budget was too small: what
   * they did, oldest first, and, where one asked, what became of its question.
   */
  continues: z.array(JournalPart).min(1).optional(),
  answer: TaskAnswer.optional(),
  /** There where a person did the work by hand: it is to be looked at, and not to be done. */
  handIn: HandIn.optional(),
  /**
   * There where the state goes on until somebody answers by this token: it is in the arguments, too, wherever the workflow puts it.
   * In arguments that came as a blob stands a mark instead of it, `task-token.<commandId>.mark`.
   */
  taskToken: z.string().max(100).optional(),
}).refine((task) => (task.arguments === undefined) !== (task.blobRef === undefined), {
  message: 'exactly one of arguments and blobRef must be present',
});
export type Task = z.infer<typeof Task>;

/** What model calls of a task used. `costUsd` is null where the price of the model is not known: never 0. */
export const Usage = z.object({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  costUsd: z.number().nonnegative().nullable(),
  /** Of the input tokens, those that came from a cache or were put there; absent where there were none. */
  cacheReadTokens: z.int().nonnegative().optional(),
  cacheWriteTokens: z.int().nonnegative().optional(),
});
export type Usage = z.infer<typeof Usage>;

/** Another command, with whose answer of a model a task was answered, and when that was given. */
export const CachedFrom = z.object({ commandId: z.string(), at: z.iso.datetime() });
export type CachedFrom = z.infer<typeof CachedFrom>;

/** That a step takes an answer over that is no older than so many seconds, and lets others take over its own. */
export const CacheWish = z.strictObject({
  ttlSeconds: z
    .int()
    .positive()
    .max(30 * 24 * 3600),
});
export type CacheWish = z.infer<typeof CacheWish>;

/** What is told of the model calls of a task beside its result, where there were any. */
export const TaskFacts = z.object({
  usage: Usage.optional(),
  /** The model that answered; `offline` for the scripted one. */
  model: z.string().optional(),
  /** The ids that the model's server gave the calls, for a support question. */
  requestIds: z.array(z.string().max(200)).max(100).optional(),
  /** The template that the model was asked with, which of its variants, and the SHA-256 (hex) of its text. */
  template: z
    .object({ id: z.string(), version: z.string(), sha256: z.string(), variant: z.string().optional() })
    .optional(),
  /** How many of the task's model calls were answered from the journal instead of being paid for again. */
  journal: z.object({ calls: z.int().nonnegative(), replayed: z.int().nonnegative() }).optional(),
  /** What the journal of the task held when it was done: how many entries, and their hash (hex), see docs/audit.md. */
  journaled: z.object({ entries: z.int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
  /** What the task read of the documentation of its run, and what could not be read; absent where it did not look. */
  knowledge: KnowledgeUse.optional(),
  /** Where its first question was not asked again, because its step takes over the answer that another command was given. */
  cachedFrom: CachedFrom.optional(),
});
export type TaskFacts = z.infer<typeof TaskFacts>;

/** Job `succeeded` on `results-<p>`. Exactly one of `output` and `blobRef` is present. */
export const TaskSucceeded = Envelope.extend({
  output: Json.optional(),
  blobRef: BlobRef.optional(),
  ...TaskFacts.shape,
}).refine((result) => (result.output === undefined) !== (result.blobRef === undefined), {
  message: 'exactly one of output and blobRef must be present',
});
export type TaskSucceeded = z.infer<typeof TaskSucceeded>;

/** Job `failed` on `results-<p>`: a business failure. `error` is what Retry and Catch match. */
export const TaskFailed = Envelope.extend({
  error: z.string().min(1),
  cause: z.string(),
  /** false: the worker knows that trying again cannot help; Retry is then skipped and Catch applies. */
  retryable: z.boolean(),
  /** There where the task did not fail but asks a person: another task goes on from its journal with the answer. */
  asks: TaskAsks.optional(),
  ...TaskFacts.shape,
});
export type TaskFailed = z.infer<typeof TaskFailed>;

/** Job `heartbeat` on `results-<p>`: the worker is still at it. */
export const TaskHeartbeat = Envelope.extend({
  /** That of the task, where it has one: only whoever was given the task can say so. */
  nonce: TaskNonce.optional(),
  progress: z.string().max(500).optional(),
  /** Nobody will be at it for so long, because something outside asks for a wait: silence is counted from its end on. */
  waitSeconds: z
    .number()
    .positive()
    .max(30 * 24 * 3600)
    .optional(),
});
export type TaskHeartbeat = z.infer<typeof TaskHeartbeat>;
