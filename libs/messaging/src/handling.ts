import {
  type CutSecrets,
  isNestedWithin,
  type MessageSchemas,
  storableText,
  TerminalError,
  toError,
} from '@baton/contracts';
import { DelayedError, WaitingError } from 'bullmq';
import type { QueueJob } from './backend/backend.js';
import type { MessagingLog } from './config.js';
import { type DeadLetter, type Delivery, deadLetterOf, decode, type RecordDeadLetter } from './delivery.js';
import type { OutgoingJob } from './messaging.js';
import { backoffMs, outcomeOfFailure, stalledTooOften } from './outcome.js';
import { type RetryPolicy, roleOf } from './queue-roles.js';

export interface Handling<M extends MessageSchemas> {
  readonly queue: string;
  readonly messages: M;
  readonly handle: (message: Delivery<M>) => Promise<void>;
  readonly deadLetter: RecordDeadLetter;
  /** See `ConsumeOptions`. */
  readonly isSettled?: ((message: Delivery<M>) => Promise<boolean>) | undefined;
  readonly retry: RetryPolicy;
  /** Puts messages into the queue of a job, through the door that it came through. */
  readonly sendOn: (from: QueueJob, jobs: readonly OutgoingJob[]) => Promise<void>;
  readonly log: MessagingLog;
  readonly cut: CutSecrets;
}

/** What has become of a delivery, for the queue. */
export type DeliveryOutcome =
  | { readonly type: 'done' }
  | { readonly type: 'wait'; readonly delayMs: number }
  | { readonly type: 'retry'; readonly delayMs: number; readonly error: Error }
  /** Another consumer shall have it at once. */
  | { readonly type: 'hand-back' }
  /** Another consumer has it, or may: nothing is moved any more. */
  | { readonly type: 'lost' };

/**
 * Runs the handler on a message. Never throws; undefined when the handler failed after its signal was aborted, because
 * then the failure says nothing about the message.
 */
export async function handleMessage<M extends MessageSchemas>(
  handling: Handling<M>,
  given: QueueJob,
  signal: AbortSignal,
): Promise<DeliveryOutcome | undefined> {
  const { retry } = handling;
  const read = readable(given, handling);
  if (!read.ok) return bury(handling, given, read.error);
  const { job } = read;
  const decoded = decode(handling.messages, job, signal);
  if (!decoded.ok) return bury(handling, job, decoded.error);
  try {
    if (job.stalledCounter > retry.maxStalls) {
      // Of a bundle, those that had no part in the death of its processes were done before.
      if ((await handling.isSettled?.(decoded.delivery)) === true) return { type: 'done' };
      return await bury(handling, job, stalledTooOften(job.stalledCounter));
    }
    await handling.handle(decoded.delivery);
    return { type: 'done' };
  } catch (thrown) {
    if (signal.aborted) return undefined;
    const history = { failedAttempts: job.attemptsMade, deliveries: job.attemptsStarted };
    const error = toError(thrown);
    const outcome = outcomeOfFailure(error, history, retry);
    if (outcome.type === 'dead-letter') return bury(handling, job, outcome.error);
    const again = { ...idsOf(handling, job), attempt: job.attemptsStarted, delayMs: outcome.delayMs, err: error };
    handling.log.warn(again, 'message failed, it is delivered again');
    return outcome;
  }
}

/** The job without secrets; an error where its data is larger than `publish` would have let through: not all use that. */
function readable(
  job: QueueJob,
  { queue, cut }: Pick<Handling<MessageSchemas>, 'queue' | 'cut'>,
): { readonly ok: true; readonly job: QueueJob } | { readonly ok: false; readonly error: TerminalError } {
  // What is nested too deeply to be written as text is refused as such by whoever reads it.
  if (!isNestedWithin(job.data)) return { ok: true, job };
  const text = JSON.stringify(job.data) ?? '';
  const { sizeLimitBytes } = roleOf(queue);
  const bytes = Buffer.byteLength(text);
  if (bytes > sizeLimitBytes) {
    const next = 'Send less: put large material where whoever needs it can read it, and name the place.';
    const message = `The message has ${bytes} bytes; ${sizeLimitBytes} are allowed in ${queue}.`;
    return { ok: false, error: new TerminalError(message, { code: 'message-too-large', next }) };
  }
  const clean = cut(text);
  return { ok: true, job: clean === text ? job : Object.create(job, { data: { value: JSON.parse(clean) } }) };
}

/** A letter that cannot be written is written later: until then the message stays in the queue and is tried again. */
export async function bury<M extends MessageSchemas>(
  handling: Handling<M>,
  job: QueueJob,
  error: Error,
): Promise<DeliveryOutcome> {
  const letter: DeadLetter = deadLetterOf(handling.queue, job, error);
  try {
    await handling.deadLetter(letter);
    handling.log.error({ ...idsOf(handling, job), reason: letter.reason }, 'message went to the dead letter');
    return { type: 'done' };
  } catch (thrown) {
    handling.log.error(
      { ...idsOf(handling, job), err: thrown },
      'dead letter could not be recorded, it is tried again',
    );
    return { type: 'retry', delayMs: backoffMs(job.attemptsMade, handling.retry), error: toError(thrown) };
  }
}

const idsOf = <M extends MessageSchemas>(handling: Handling<M>, job: QueueJob) => ({
  queue: handling.queue,
  jobId: job.id,
  name: job.name,
});

/**
 * BullMQ's own count of attempts must never end a job, because it ends in a set where nobody looks. Ours ends it in the
 * dead letter. This also covers what fails inside BullMQ, and jobs of producers that set no attempts.
 */
export function neverFail(job: QueueJob): void {
  job.opts.attempts = Number.MAX_SAFE_INTEGER;
  job.opts.backoff = { type: 'fixed', delay: 1_000 };
  job.opts.stackTraceLimit = 1;
}

const MOST_OF_A_REASON = 1_000;

/** Tells BullMQ the outcome, in its way: to return is to complete, and some errors mean that the job was moved already. */
export async function settle(
  job: QueueJob,
  token: string,
  outcome: DeliveryOutcome,
  clock: () => number,
): Promise<void> {
  switch (outcome.type) {
    case 'done':
      return;
    case 'wait':
      await job.moveToDelayed(clock() + outcome.delayMs, token);
      throw new DelayedError();
    case 'retry':
      job.opts.backoff = { type: 'fixed', delay: outcome.delayMs };
      // What its text column refuses would keep the job from being moved at all. A new error: BullMQ gives a meaning to the names and messages of some.
      throw new Error(`handler failed: ${storableText(outcome.error.message.slice(0, MOST_OF_A_REASON))}`, {
        cause: outcome.error,
      });
    case 'hand-back':
      await job.moveToWait(token);
      throw new WaitingError();
    case 'lost':
      throw new WaitingError();
  }
}
