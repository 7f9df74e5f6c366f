import { randomUUID } from 'node:crypto';
import {
  BUNDLE,
  BUNDLE_LIMIT_BYTES,
  type JsonObject,
  MOST_IN_BUNDLE,
  PROTOCOL_VERSION,
  RetryableError,
} from '@baton/contracts';
import type { Messaging, OutgoingJob } from './messaging.js';

interface Waiting {
  readonly job: OutgoingJob;
  readonly bytes: number;
  readonly sent: () => void;
  readonly failed: (thrown: unknown) => void;
}

/** Sends messages to queues that take bundles: what is ready at the same moment, or while another is on its way, goes as one job. */
export interface BundleSender {
  /** Resolves once it is on the queue. Throws what `publish` throws for it, alone. */
  send(queue: string, job: OutgoingJob): Promise<void>;
}

export function createBundleSender(messaging: Pick<Messaging, 'publish'>): BundleSender {
  const lines = new Map<string, { waiting: Waiting[] }>();

  const drain = async (queue: string): Promise<void> => {
    const line = lines.get(queue);
    if (line === undefined) return;
    while (line.waiting.length > 0) {
      const bundle = takeBundle(line.waiting, MOST_IN_BUNDLE);
      line.waiting = line.waiting.slice(bundle.length);
      await sendAll(queue, bundle);
    }
    lines.delete(queue);
  };

  const sendAll = async (queue: string, bundle: readonly Waiting[]): Promise<void> => {
    const [only] = bundle;
    try {
      await messaging.publish(queue, bundle.length === 1 && only !== undefined ? [only.job] : [bundled(bundle)]);
      for (const { sent } of bundle) sent();
    } catch (thrown) {
      if (bundle.length === 1 || thrown instanceof RetryableError) {
        for (const { failed } of bundle) failed(thrown);
        return;
      }
      // One that its queue refuses must not take the others along.
      for (const each of bundle) await sendAll(queue, [each]);
    }
  };

  return {
    send: (queue, job) =>
      new Promise((sent, failed) => {
        const waiting = { job, bytes: bytesOf(job), sent, failed };
        const line = lines.get(queue);
        if (line !== undefined) {
          line.waiting.push(waiting);
          return;
        }
        lines.set(queue, { waiting: [waiting] });
        // After all that is done already and only waits for its turn in this round of the event loop.
        process.nextTick(() => void drain(queue));
      }),
  };
}

function takeBundle<T extends { readonly bytes: number }>(waiting: readonly T[], most: number): readonly T[] {
  let bytes = 0;
  const taken = waiting.slice(0, most);
  const end = taken.findIndex((each) => {
    bytes += each.bytes + ENTRY_BYTES;
    return bytes > BUNDLE_LIMIT_BYTES;
  });
  return end < 0 ? taken : taken.slice(0, Math.max(1, end));
}

const bytesOf = ({ data, jobId }: OutgoingJob): number => Buffer.byteLength(JSON.stringify(data)) + jobId.length;

/** The jobs in their order, as many in one bundle as `most` and the bytes that it may have allow. */
export function inBundles(jobs: readonly OutgoingJob[], most: number): readonly (readonly OutgoingJob[])[] {
  const bundles: (readonly OutgoingJob[])[] = [];
  let rest = jobs.map((job) => ({ job, bytes: bytesOf(job) }));
  while (rest.length > 0) {
    const bundle = takeBundle(rest, most);
    rest = rest.slice(bundle.length);
    bundles.push(bundle.map(({ job }) => job));
  }
  return bundles;
}

/** What a message costs in its bundle beside its data and its id: its name, and the marks of JSON. */
const ENTRY_BYTES = 150;

const bundled = (bundle: readonly Waiting[]): OutgoingJob =>
  bundleOf(
    `b-${randomUUID()}`,
    bundle.map(({ job }) => job),
  );

/** The job that carries several. */
export function bundleOf(jobId: string, jobs: readonly OutgoingJob[]): OutgoingJob {
  const messages = jobs.map(({ name, data, jobId }): JsonObject => ({ name, data, jobId }));
  return { jobId, name: BUNDLE, data: { v: PROTOCOL_VERSION, messages } };
}
