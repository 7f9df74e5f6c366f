import {
  BUNDLE,
  isNestedWithin,
  type Json,
  JsonObject,
  MAX_NESTING,
  MessageBundle,
  type MessageSchemas,
  TerminalError,
  toError,
  writtenFrom,
} from '@baton/contracts';
import type { QueueJob } from './backend/backend.js';
import { bury, type DeliveryOutcome, type Handling, handleMessage } from './handling.js';
import type { OutgoingJob } from './messaging.js';
import { outcomeOfFailure } from './outcome.js';
import { roleOf } from './queue-roles.js';

export const isBundle = (job: QueueJob): boolean => job.name === BUNDLE;

/*
 * The messages of a bundle are handled as if each were a job of its own, all at the same time: what one of them ends with is
 * no matter of the others.
 *
 * So that it stays so when it comes again, a bundle of which some are done and some are not is taken apart: what has to come
 * again goes back to the queue by itself, with counts of its own, and the bundle is done. Only where all ended alike it
 * comes again as it is: what is counted then holds for each of them. A bundle whose process died is taken apart before
 * anything of it is begun, because nobody knows which of them ended it.
 *
 * A crash between the two delivers the bundle once more: what was put back is there already under its id, and what was done has
 * no effect, by the tokens that make any second delivery harmless.
 */

/** One message of a bundle. */
interface Part {
  readonly job: QueueJob;
  /** The job that it would be by itself; null where no queue would take that. */
  readonly alone: () => OutgoingJob | null;
}

/** Never throws; undefined when a handler failed after the signal was aborted. */
export async function handleBundle<M extends MessageSchemas>(
  handling: Handling<M>,
  job: QueueJob,
  signal: AbortSignal,
): Promise<DeliveryOutcome | undefined> {
  const read = readBundle(job);
  if (read instanceof TerminalError) return bury(handling, job, read);
  const parts = read.messages.map((message, index) => partOf(handling, job, message, index));
  // Of one that ended too many processes nothing is begun any more: each goes to the dead letter, but for what was done.
  if (parts.length > 1 && job.stalledCounter > 0 && job.stalledCounter <= handling.retry.maxStalls)
    return takeApart(handling, job, parts, signal);
  const outcomes = await Promise.all(parts.map((part) => handleMessage(handling, part.job, signal)));
  const whole = outcomes.reduce(joined, { type: 'done' });
  if (whole === undefined || new Set(outcomes.map((outcome) => outcome?.type)).size === 1) return whole;
  const again = parts.flatMap((part, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined || !('delayMs' in outcome)) return [];
    const alone = part.alone();
    return [alone === null ? null : { ...alone, delayMs: outcome.delayMs }];
  });
  const jobs = again.filter((each) => each !== null);
  return jobs.length === again.length && (await sendOn(handling, job, jobs)) === null ? { type: 'done' } : whole;
}

/** Each as a job of its own, but for those that would be refused: these never get as far as a handler. */
async function takeApart<M extends MessageSchemas>(
  handling: Handling<M>,
  job: QueueJob,
  parts: readonly Part[],
  signal: AbortSignal,
): Promise<DeliveryOutcome | undefined> {
  const each = parts.map((part) => ({ part, alone: part.alone() }));
  const jobs = each.flatMap(({ alone }) => (alone === null ? [] : [alone]));
  const error = await sendOn(handling, job, jobs);
  if (error !== null) {
    const history = { failedAttempts: job.attemptsMade, deliveries: job.attemptsStarted };
    const outcome = outcomeOfFailure(error, history, handling.retry);
    return outcome.type === 'dead-letter' ? bury(handling, job, outcome.error) : outcome;
  }
  const refused = each.filter(({ alone }) => alone === null);
  const outcomes = await Promise.all(refused.map(({ part }) => handleMessage(handling, part.job, signal)));
  return outcomes.reduce(joined, { type: 'done' });
}

/** Why they could not be put into the queue; null where they are there. */
async function sendOn<M extends MessageSchemas>(
  handling: Handling<M>,
  job: QueueJob,
  jobs: readonly OutgoingJob[],
): Promise<Error | null> {
  try {
    await handling.sendOn(job, jobs);
    return null;
  } catch (thrown) {
    const fields = { queue: handling.queue, jobId: job.id, messages: jobs.length, err: thrown };
    handling.log.warn(fields, 'bundle could not be taken apart, it comes again as a whole');
    return toError(thrown);
  }
}

function readBundle(job: QueueJob): MessageBundle | TerminalError {
  const refused = (reason: string) => new TerminalError(`bundle: ${reason}`, { code: 'undecodable-message' });
  if (!isNestedWithin(job.data)) return refused(`nested deeper than ${MAX_NESTING} levels`);
  const read = MessageBundle.safeParse(job.data);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return refused(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'it cannot be read'}`);
}

/** What became of earlier deliveries is told by the job that carries it. */
function partOf<M extends MessageSchemas>(
  { queue }: Handling<M>,
  job: QueueJob,
  { name, data, jobId }: MessageBundle['messages'][number],
  index: number,
): Part {
  const id = jobId ?? `${job.id ?? ''}-${index}`;
  const priority = priorityOf(job);
  return {
    job: Object.create(job, { name: { value: name }, data: { value: data }, id: { value: id } }),
    // Asked for where it has to come again: most never do, and a look at all of its data costs.
    alone: () =>
      isJsonObject(data) && name !== BUNDLE && bytesOf(data) <= roleOf(queue).sizeLimitBytes
        ? { jobId: id, name, data, ...(priority === undefined ? {} : { priority }) }
        : null,
  };
}

/** As it was published: BullMQ's jobs have the number that says what comes first, which `publish` makes of it once more. */
const priorityOf = ({ opts: { priority }, via }: QueueJob): number | undefined =>
  priority === undefined || via === 'own-door' ? priority : writtenFrom(priority);

const isJsonObject = (data: Json): data is JsonObject => JsonObject.safeParse(data).success;
const bytesOf = (data: Json): number => Buffer.byteLength(JSON.stringify(data));

/** A failure that counts goes before a wait, and the shorter wait before the longer one. */
function joined(one: DeliveryOutcome | undefined, other: DeliveryOutcome | undefined): DeliveryOutcome | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (one.type === 'retry') return other.type === 'retry' && other.delayMs < one.delayMs ? other : one;
  if (other.type === 'retry' || one.type === 'done') return other;
  if (one.type === 'wait' && other.type === 'wait') return one.delayMs <= other.delayMs ? one : other;
  return one;
}
