import {
  type BlobRef,
  INLINE_LIMIT_BYTES,
  Json,
  type JsonObject,
  repliesTo,
  resultJobId,
  type Task,
  type TaskAsks,
  type TaskFacts,
  toError,
  tokenMark,
  type Usage,
  withTaskToken,
} from '@baton/contracts';
import type { TaskHandler, TaskResult, WorkerLog, WorkerTask } from './task-handler.js';
import { closedTask } from './task-watch.js';

type Journaled = NonNullable<TaskFacts['journaled']>;

/** What a worker needs from outside to answer a task. */
export interface TaskPorts {
  readonly readBlob: (ref: BlobRef) => Promise<string>;
  readonly writeBlob: (text: string) => Promise<BlobRef>;
  /** What a task noted in its journal, as it stands in the database; null where it noted nothing. */
  readonly journaled: (commandId: string) => Promise<Journaled | null>;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly log: WorkerLog;
}

/** A job for a results queue. Its id makes a second result of the same dispatch harmless. */
export interface ResultJob {
  readonly queue: string;
  readonly jobId: string;
  readonly name: 'succeeded' | 'failed';
  readonly data: JsonObject;
}

/** A longer cause would only be cut off later, by a queue that refuses the whole message. */
const MAX_CAUSE_LENGTH = 4000;
/** Timers of Node cannot wait longer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What ends the work on a task before its time. */
export interface TaskSignals {
  /** The queue gives the task to another worker. */
  readonly delivery: AbortSignal;
  /** Nobody waits for its result any more. */
  readonly closed: AbortSignal;
}

/**
 * From a task to the message with its result, which must be sent before the task's own job is completed. null where the
 * deadline has passed or the task is closed: the hub takes no result, so nothing more is paid for it. Throws what the handler
 * throws, the reason of `delivery` where that was aborted, and where a former hub gave the task no token to be answered by.
 */
export async function taskToResult(
  task: Task,
  handler: TaskHandler,
  ports: TaskPorts,
  { delivery, closed }: TaskSignals,
): Promise<ResultJob | null> {
  const { runId, commandId, state, attempt } = task;
  const ids = { runId, commandId, state, attempt };
  const leftMs = task.deadline === undefined ? null : Date.parse(task.deadline) - ports.now().getTime();
  if (leftMs !== null && leftMs <= 0) {
    ports.log.warn({ ...ids, lateMs: -leftMs }, 'task dropped, its deadline had passed before it began');
    return null;
  }
  if (task.taskToken === tokenMark(commandId)) {
    // Whoever were given the mark could answer nothing with it. The job is left to the queue, and a hub of today sends another.
    throw new Error(
      'The task came with the mark of its token in the place of the token: an orchestrator is of a former version.',
    );
  }
  const read = task.blobRef === undefined ? task.arguments : await readArguments(task.blobRef, ports);
  const args = task.taskToken === undefined ? read : withTaskToken(read ?? null, commandId, task.taskToken);
  const unwanted = abortAfter(leftMs, [closed]);
  const ended = abortAfter(null, [delivery, unwanted.signal]);
  try {
    const budget = task.budget === undefined ? {} : { budget: task.budget };
    const until = task.deadline === undefined ? {} : { deadline: task.deadline };
    const agents = task.agents === undefined ? {} : { agents: task.agents };
    const token = task.taskToken === undefined ? {} : { taskToken: task.taskToken };
    const given = {
      ...ids,
      arguments: args ?? null,
      ...token,
      ...budget,
      ...until,
      ...agents,
      ...conversationOf(task),
    };
    const result = await handler(given, ended.signal);
    if (unwanted.signal.aborted) return letGo(unwanted.signal, ids, ports);
    const job = await resultJob(task, result, ports);
    ports.log.info({ ...ids, result: job.name }, 'task done');
    return job;
  } catch (error) {
    if (unwanted.signal.aborted) return letGo(unwanted.signal, ids, ports);
    delivery.throwIfAborted();
    throw error;
  } finally {
    ended.clear();
    unwanted.clear();
  }
}

/** What the task may ask, what it goes on from, and what a person did of it. */
const conversationOf = ({
  questions,
  continues,
  answer,
  handIn,
}: Task): Pick<WorkerTask, 'questions' | 'continues' | 'answer' | 'handIn'> => ({
  ...(questions === undefined ? {} : { questions }),
  ...(continues === undefined ? {} : { continues }),
  ...(answer === undefined ? {} : { answer }),
  ...(handIn === undefined ? {} : { handIn }),
});

/**
 * A signal that is aborted with the first of others, and after a while. Not by `AbortSignal.any`: Node keeps a signal of that
 * kind for as long as something listens to it, and a handler that is done has often left a listener, with its task behind it.
 */
function abortAfter(
  ms: number | null,
  others: readonly AbortSignal[],
): { readonly signal: AbortSignal; readonly clear: () => void } {
  const abort = new AbortController();
  const heard = others.map((other) => {
    const pass = (): void => abort.abort(other.reason);
    if (other.aborted) pass();
    other.addEventListener('abort', pass, { once: true });
    return () => other.removeEventListener('abort', pass);
  });
  const timer =
    ms === null ? undefined : setTimeout(() => abort.abort(closedTask('time-up')), Math.min(ms, MAX_TIMER_MS));
  const clear = (): void => {
    clearTimeout(timer);
    for (const leave of heard) leave();
  };
  return { signal: abort.signal, clear };
}

function letGo(unwanted: AbortSignal, ids: Readonly<Record<string, unknown>>, { log }: TaskPorts): null {
  log.warn({ ...ids, reason: toError(unwanted.reason).message }, 'task let go, its result is not wanted any more');
  return null;
}

const readArguments = async (ref: BlobRef, ports: TaskPorts): Promise<Json> =>
  Json.parse(JSON.parse(await ports.readBlob(ref)));

async function resultJob(task: Task, result: TaskResult, ports: TaskPorts): Promise<ResultJob> {
  const { usage, model, requestIds, template, journal, knowledge, cachedFrom } = result;
  const journaled = await ports.journaled(task.commandId);
  const data = {
    ...envelopeOf(task, ports.newId()),
    ...(usage === undefined ? {} : { usage: usageOf(usage) }),
    ...(model === undefined ? {} : { model }),
    ...(requestIds === undefined ? {} : { requestIds: [...requestIds] }),
    ...(template === undefined ? {} : { template: templateOf(template) }),
    ...(journal === undefined ? {} : { journal }),
    ...(journaled === null ? {} : { journaled: { ...journaled } }),
    ...(knowledge === undefined ? {} : { knowledge }),
    ...(cachedFrom === undefined ? {} : { cachedFrom }),
  };
  const queue = repliesTo(task);
  const jobId = resultJobId(task.commandId, task.dispatchNo, task.nonce);
  if (result.ok) return { queue, jobId, name: 'succeeded', data: { ...data, ...(await bodyOf(result.output, ports)) } };
  const { error, retryable, asks } = result;
  const failed = {
    error,
    cause: shorten(result.cause),
    retryable,
    ...(asks === undefined ? {} : { asks: asksOf(asks) }),
  };
  return { queue, jobId, name: 'failed', data: { ...data, ...failed } };
}

const asksOf = ({ text, choices, entries }: TaskAsks): JsonObject => ({
  text,
  ...(choices === undefined ? {} : { choices }),
  entries,
});

const usageOf = ({ cacheReadTokens, cacheWriteTokens, ...usage }: Usage): JsonObject => ({
  ...usage,
  ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
  ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
});

const templateOf = ({ variant, ...template }: NonNullable<TaskResult['template']>): JsonObject => ({
  ...template,
  ...(variant === undefined ? {} : { variant }),
});

/** The envelope of the task, repeated under an id of its own. */
const envelopeOf = (
  { v, runId, commandId, step, dispatchNo, traceparent, deadline }: Task,
  id: string,
): JsonObject => ({
  v,
  id,
  runId,
  commandId,
  step,
  dispatchNo,
  ...(traceparent === undefined ? {} : { traceparent }),
  ...(deadline === undefined ? {} : { deadline }),
});

async function bodyOf(output: Json, ports: TaskPorts): Promise<JsonObject> {
  const text = JSON.stringify(output);
  if (Buffer.byteLength(text) <= INLINE_LIMIT_BYTES) return { output };
  const { sha256, size } = await ports.writeBlob(text);
  return { blobRef: { sha256, size } };
}

const shorten = (cause: string): string =>
  cause.length <= MAX_CAUSE_LENGTH ? cause : `${cause.slice(0, MAX_CAUSE_LENGTH)} …`;
