import {
  BUNDLE,
  isNestedWithin,
  MAX_NESTING,
  MessageBundle,
  type MessageSchemas,
  TerminalError,
} from '@baton/contracts';
import type { QueueJob } from './backend/backend.js';
import { bury, type DeliveryOutcome, type Handling, handleMessage } from './handling.js';

export const isBundle = (job: QueueJob): boolean => job.name === BUNDLE;

/**
 * Runs the handler on each message of a bundle, as if it were a job of its own: what one of them ends with is no matter of the
 * others. The job is done once all are; where one is to come again, all are delivered again, and those that were done have no
 * effect. Never throws; undefined when a handler failed after the signal was aborted.
 */
export async function handleBundle<M extends MessageSchemas>(
  handling: Handling<M>,
  job: QueueJob,
  signal: AbortSignal,
): Promise<DeliveryOutcome | undefined> {
  const read = readBundle(job);
  if (read instanceof TerminalError) return bury(handling, job, read);
  const messages = read.messages.map((message, index) => messageOf(job, message, index));
  // One that ends its process must not do so with all the others in work, nor always before the same ones.
  const outcomes =
    job.stalledCounter === 0
      ? await Promise.all(messages.map((message) => handleMessage(handling, message, signal)))
      : await oneByOne(job.stalledCounter % 2 === 0 ? messages.toReversed() : messages, handling, signal);
  return outcomes.reduce(joined, { type: 'done' });
}

function readBundle(job: QueueJob): MessageBundle | TerminalError {
  const refused = (reason: string) => new TerminalError(`bundle: ${reason}`, { code: 'undecodable-message' });
  if (!isNestedWithin(job.data)) return refused(`nested deeper than ${MAX_NESTING} levels`);
  const read = MessageBundle.safeParse(job.data);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return refused(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'it cannot be read'}`);
}

/** A message of a bundle as a job: what became of earlier deliveries is told by the job that carries it. */
const messageOf = (job: QueueJob, { name, data }: MessageBundle['messages'][number], index: number): QueueJob =>
  Object.create(job, {
    name: { value: name },
    data: { value: data },
    id: { value: `${job.id ?? ''}-${index}` },
  });

async function oneByOne<M extends MessageSchemas>(
  messages: readonly QueueJob[],
  handling: Handling<M>,
  signal: AbortSignal,
): Promise<readonly (DeliveryOutcome | undefined)[]> {
  const outcomes: (DeliveryOutcome | undefined)[] = [];
  for (const message of messages) {
    // Another has the bundle, or will: the rest is not begun here.
    outcomes.push(signal.aborted ? undefined : await handleMessage(handling, message, signal));
  }
  return outcomes;
}

/** A failure that counts goes before a wait, and the shorter wait before the longer one. */
function joined(one: DeliveryOutcome | undefined, other: DeliveryOutcome | undefined): DeliveryOutcome | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (one.type === 'retry') return other.type === 'retry' && other.delayMs < one.delayMs ? other : one;
  if (other.type === 'retry' || one.type === 'done') return other;
  if (one.type === 'wait' && other.type === 'wait') return one.delayMs <= other.delayMs ? one : other;
  return one;
}
