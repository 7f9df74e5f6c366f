import {
  BatonErrorName,
  type HandIn,
  type Json,
  JsonObject,
  type TaskBudget,
  TaskFacts,
  type Usage,
} from '@baton/contracts';
import { z } from 'zod';
import type { HandlerParts } from './connect-worker.js';
import { AsksPerson, conversationOf, type TaskConversation } from './conversation.js';
import type { TaskJournal } from './joined-journal.js';
import {
  INVALID_INPUT,
  refusedHandIn,
  type TaskFailure,
  type TaskHandler,
  type TaskResult,
  type WorkerLog,
  type WorkerTask,
} from './task-handler.js';
import { thrownFailure } from './thrown-failure.js';
import { toJson } from './to-json.js';

/** What a handler is given beside its input. */
export interface HandleContext {
  /**
   * Aborts when the work should end, with a BatonError whose `code` says why. No result is taken any more: `task-cancelled`
   * (the run was cancelled), `task-time-up`, `task-given-up` (a sibling failed, or the run ended), `task-answered` (another
   * delivery did it). Another worker gets the task: `consumer-stopping`, `lock-lost`.
   */
  readonly signal: AbortSignal;
  /**
   * Says that the work goes on, and how far it is. A task whose state has HeartbeatSeconds fails with
   * States.HeartbeatTimeout where this is not called within that time, again and again. May be called as often as one
   * likes: what is too much is not sent, nor what comes after the end of the work.
   */
  readonly heartbeat: (progress?: string) => void;
  /** Every line bears the ids of run and command. */
  readonly log: WorkerLog;
  /**
   * The same at every delivery of one try of a state: give it to whatever must not happen twice (a payment, a letter). A
   * retry by the workflow is another try and has another key.
   */
  readonly idempotencyKey: string;
  /**
   * There where the state goes on until somebody answers by this token: give it to whoever does. It is in the input, too, where the
   * workflow puts it. What the handler returns then ends nothing; what it throws fails the state.
   */
  readonly taskToken: string | undefined;
  /** The workflow's tries of this state, from 1. */
  readonly attempt: number;
  readonly runId: string;
  readonly commandId: string;
  /** The most that the task may spend on models; undefined where nothing limits it. */
  readonly budget: TaskBudget | undefined;
  /**
   * What was noted for this try of the state, by number from 0: what is found there at a second delivery need not be done again.
   * The first note of a number stands. `baton run step` does not show what it cannot read as a model's answer.
   */
  readonly journal: TaskJournal;
  /** For work that asks people in the middle: what it may ask, what it was told, and what was noted until then. */
  readonly conversation: TaskConversation;
  /** Bytes by their SHA-256 (hex): the store that `@baton/workspace` reads versions of workspaces from, and writes them to. */
  readonly blobs: HandlerParts['blobs'];
  /**
   * Tells what models used for this task, also where it fails afterwards; what is told last counts. Where nothing is told it is
   * unknown, which is not nothing. Throws where `usage` is none.
   */
  readonly tell: (facts: { readonly usage?: Usage; readonly model?: string }) => void;
}

/** What a user's worker does: its input and output as schemas, and the work. */
export interface TypedWork<In extends z.ZodType, Out extends z.ZodType> {
  readonly input: In;
  readonly output: Out;
  /** Whatever it throws is the result: the error's name is what Retry and Catch match, TerminalError forbids a retry. */
  readonly handle: (input: z.output<In>, context: HandleContext) => Promise<z.input<Out>> | z.input<Out>;
}

const MAX_PROBLEMS = 20;

type Context = Pick<HandleContext, 'heartbeat' | 'log' | 'journal' | 'conversation' | 'blobs'>;

/** What a worker may tell of its models. */
const Told = TaskFacts.pick({ usage: true, model: true });

/**
 * Does a task with typed work. All that the work itself does wrong is a result; it throws only after `signal` was aborted,
 * when somebody else has the task or nobody waits for it any more.
 */
export async function doTypedWork<In extends z.ZodType, Out extends z.ZodType>(
  work: TypedWork<In, Out>,
  task: WorkerTask,
  context: Context,
  signal: AbortSignal,
): Promise<TaskResult> {
  const { attempt, runId, commandId } = task;
  let told: z.output<typeof Told> = {};
  const tell = (facts: z.input<typeof Told>): void => {
    told = Told.parse(facts);
  };
  const withFacts = (result: TaskResult): TaskResult => ({ ...result, ...told });
  try {
    const input = await readInput(work.input, task.arguments);
    if (!input.success) return failure(INVALID_INPUT, `The arguments do not fit: ${problemsOf(input.error)}.`, false);
    if (task.handIn !== undefined) return await lookAt(work.output, task.handIn);
    const given = {
      ...context,
      signal,
      idempotencyKey: commandId,
      attempt,
      runId,
      commandId,
      budget: task.budget,
      taskToken: task.taskToken,
      tell,
    };
    const answer = await work.handle(input.data, given);
    const output = await work.output.safeParseAsync(answer);
    if (!output.success) return withFacts(invalidOutput(problemsOf(output.error)));
    const json = toJson(output.data);
    return withFacts(json.ok ? { ok: true, output: json.json } : invalidOutput(json.problem));
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    if (thrown instanceof AsksPerson) return withFacts(thrown.result);
    return withFacts(thrownFailure(thrown));
  }
}

/** What a person did instead of the worker is held to the same schema. Of files a worker of a user knows nothing. */
async function lookAt(schema: z.ZodType, { output, workspace }: HandIn): Promise<TaskResult> {
  if (workspace !== undefined) return refusedHandIn('This worker takes no files: hand in an output alone.');
  const read = await schema.safeParseAsync(output);
  if (!read.success) return refusedHandIn(`The output does not fit: ${problemsOf(read.error)}.`);
  const json = toJson(read.data);
  return json.ok ? { ok: true, output: json.json } : refusedHandIn(`The output does not fit: ${json.problem}.`);
}

/**
 * The hub may add `recovery` and `budgetHint` to the arguments of any task. A schema that knows them gets them; a strict
 * one that does not is read without them, because its workflow did not write them.
 */
async function readInput<In extends z.ZodType>(schema: In, given: Json): Promise<z.ZodSafeParseResult<z.output<In>>> {
  const read = await schema.safeParseAsync(given);
  const object = JsonObject.safeParse(given);
  if (read.success || !object.success || !('recovery' in object.data || 'budgetHint' in object.data)) return read;
  const { recovery: _, budgetHint: __, ...rest } = object.data;
  return schema.safeParseAsync(rest);
}

/** Typed work for a host; with how a task says that it is at work, for one that does not say so by itself. */
export const typedHandler =
  <In extends z.ZodType, Out extends z.ZodType>(
    work: TypedWork<In, Out>,
    { journalFor, blobs, log }: Pick<HandlerParts, 'journalFor' | 'blobs' | 'log'>,
    heartbeat: (progress?: string) => void = () => {},
  ): TaskHandler =>
  (task, signal) => {
    const { runId, commandId } = task;
    const ofTask: WorkerLog = {
      info: (fields, message) => log.info({ ...fields, runId, commandId }, message),
      warn: (fields, message) => log.warn({ ...fields, runId, commandId }, message),
    };
    const journal = journalFor(commandId);
    const conversation = conversationOf(task, journalFor);
    return doTypedWork(work, task, { heartbeat, log: ofTask, journal, conversation, blobs }, signal);
  };

const failure = (error: string, cause: string, retryable: boolean): TaskFailure => ({
  ok: false,
  error,
  cause,
  retryable,
});

const invalidOutput = (problems: string): TaskFailure =>
  failure(BatonErrorName.invalidOutput, `The worker's output does not fit: ${problems}.`, true);

function problemsOf(error: z.ZodError): string {
  const problems = error.issues.map(({ path, message }) => {
    const place = z.core.toDotPath(path);
    return place === '' ? message : `${place}: ${message}`;
  });
  const more = problems.length - MAX_PROBLEMS;
  return [...problems.slice(0, MAX_PROBLEMS), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
