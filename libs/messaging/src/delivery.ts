import { BatonError, explainIssues, isNestedWithin, MAX_NESTING, type MessageSchemas } from '@baton/contracts';
import type { z } from 'zod';
import type { QueueJob } from './backend/backend.js';

/**
 * A message in the hands of a handler. `name` tells which of the queue's messages it is; `data` is what its schema read.
 * `attempt` counts deliveries from 1, those after a crash included. `signal` aborts when the consumer stops or has
 * lost the message to another one: whatever the handler still does is then done twice, so it should end.
 */
export type Delivery<M extends MessageSchemas = MessageSchemas> = {
  readonly [N in keyof M & string]: {
    readonly name: N;
    readonly data: z.output<M[N]>;
    readonly jobId: string;
    readonly attempt: number;
    /** How often it came back because the process that had it ended, or lost it. */
    readonly stalls: number;
    readonly signal: AbortSignal;
    /** How long it had been due when it was taken, by the clock of the queue server; absent where that is not known. */
    readonly waitedMs?: number;
  };
}[keyof M & string];

/** A message that nobody could handle, with why. `message` is its JSON text as it came, where it can be written as text. */
export interface DeadLetter {
  readonly source: string;
  readonly name: string;
  /** `<code>: <sentence>`; the code is that of the error, or `undecodable-message`, `unknown-message`, `stalled-too-often`. */
  readonly reason: string;
  readonly message: string;
  readonly requestId?: string;
  readonly runId?: string;
  readonly commandId?: string;
}

/** Called with each dead letter; the message counts as handled once this resolves. */
export type RecordDeadLetter = (letter: DeadLetter) => Promise<void>;

export type Decoded<M extends MessageSchemas> =
  | { readonly ok: true; readonly delivery: Delivery<M> }
  | { readonly ok: false; readonly error: BatonError };

/** Reads a job with the schema of its name. */
export function decode<M extends MessageSchemas>(messages: M, job: QueueJob, signal: AbortSignal): Decoded<M> {
  const schema = Object.hasOwn(messages, job.name) ? messages[job.name] : undefined;
  if (schema === undefined) {
    const known = Object.keys(messages).join(', ');
    return refused('unknown-message', `This queue has no message named ${job.name}; it has ${known}.`);
  }
  // Schemas recurse, and the one that runs off the stack throws: that would count as a failed try, not as a bad message.
  if (!isNestedWithin(job.data)) {
    return refused('undecodable-message', `message: nested deeper than ${MAX_NESTING} levels`);
  }
  const read = schema.safeParse(job.data);
  if (!read.success) {
    const problems = explainIssues(read.error, job.data, schema).map(
      ({ path, detail }) => `${path.map(String).join('.') || 'message'}: ${detail}`,
    );
    return refused('undecodable-message', problems.join('; '));
  }
  const delivery = {
    name: job.name,
    data: read.data,
    jobId: job.id ?? '',
    attempt: job.attemptsStarted,
    stalls: job.stalledCounter,
    signal,
    ...(job.waitedMs === undefined ? {} : { waitedMs: job.waitedMs }),
  };
  // The name chose the schema that made the data, which the compiler cannot follow.
  return { ok: true, delivery: delivery as Delivery<M> };
}

const refused = (code: string, message: string): { readonly ok: false; readonly error: BatonError } => ({
  ok: false,
  error: new BatonError(message, { code }),
});

/** The letter for a job, with the ids its data holds, readable or not. */
export function deadLetterOf(queue: string, job: QueueJob, error: Error): DeadLetter {
  const code = error instanceof BatonError ? error.code : 'handler-failed';
  return {
    source: queue,
    name: job.name,
    reason: `${code}: ${error.message}`,
    message: textOf(job.data),
    ...textField(job.data, 'requestId'),
    ...textField(job.data, 'runId'),
    ...textField(job.data, 'commandId'),
  };
}

function textOf(data: unknown): string {
  // Deeper than this, writing it as text may fail as well.
  return isNestedWithin(data) ? (JSON.stringify(data) ?? 'null') : '"nested too deeply to be shown"';
}

function textField<K extends string>(data: unknown, key: K): { readonly [P in K]?: string } {
  if (typeof data !== 'object' || data === null) return {};
  const value: unknown = Reflect.get(data, key);
  return typeof value === 'string' ? ({ [key]: value } as { [P in K]: string }) : {};
}
