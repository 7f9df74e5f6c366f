import type { Alongside } from '@baton/contracts';
import type { Messaging, OutgoingJob } from '@baton/messaging';
import type { Process } from './clockwork.js';
import type { Operations } from './operations.js';
import { type Door, type Job, LOCK_MS, type NewJob, type QueueServer } from './queue-server.js';

export interface MessagingPorts {
  readonly server: QueueServer;
  readonly operations: Operations;
  readonly isStormy: () => boolean;
  /** Then a task may go into its queue with the commit that issues it. */
  readonly isInDatabase: boolean;
  /** How often the newest waiting job is handed out first, and a job to two at once. */
  readonly overtaking: number;
  readonly doubling: number;
  /** Told before a job counts as done. */
  readonly onDone: (job: Job) => void;
  readonly after: (delayMs: number, process: Process, go: () => void) => void;
}

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };

/** What BullMQ calls its signs that a job was moved already. */
const MOVED: ReadonlySet<string> = new Set(['DelayedError', 'WaitingError']);
const isOwn = (queue: string): boolean => queue.startsWith('results-lane-');

type OpenWorker = Messaging['backend']['openWorker'];
type Settings = Parameters<OpenWorker>[2];
type Processor = Parameters<OpenWorker>[1];

/** The queues of one process, on a server in memory. */
export function messagingOf(process: Process, ports: MessagingPorts): Messaging {
  const { server, operations } = ports;
  const ask = <T>(what: string, act: () => T): Promise<T> => operations.ask(process, `queue ${what}`, act);
  const put = (queue: string, job: OutgoingJob, door: Door): void => server.add(toNewJob(queue, job, door));
  const publish: Messaging['publish'] = async (queue, jobs, { via } = {}) => {
    const door = via === 'own-door' || isOwn(queue) ? 'own-door' : 'bullmq';
    const putAll = (some: readonly OutgoingJob[]) =>
      ask('put', () => {
        for (const job of some) put(queue, job, door);
      });
    if (jobs.length < 2) return putAll(jobs);
    // A connection that breaks within has put the first of them.
    const half = Math.ceil(jobs.length / 2);
    await putAll(jobs.slice(0, half));
    await putAll(jobs.slice(half));
  };
  const jobStates: Messaging['jobStates'] = (queue, ids) =>
    ask('states', () => new Map(ids.map((id) => [id, server.state(queue, id)])));
  const backend = {
    endpoint: 'the simulated queues',
    awaitConnection: async () => {},
    openWorker: (queue: string, processor: Processor, settings: Settings) =>
      workerOf(process, { queue, processor, settings }, ports),
    readEpoch: () => ask('epoch', () => server.epoch),
    writeEpoch: (value: string) =>
      ask('epoch', () => {
        server.epoch = value;
      }),
    replaceEpoch: (expected: string, next: string) =>
      ask('epoch', () => {
        if (server.epoch !== expected) return false;
        server.epoch = next;
        return true;
      }),
  };
  const messaging = {
    backend,
    log: QUIET_LOG,
    cut: (text: string) => text,
    publish,
    alongside: async () => (ports.isInDatabase ? taskAlongside : null),
    jobStates,
    withdraw: (queue: string, ids: readonly string[]) => ask('withdraw', () => server.withdraw(queue, ids)),
    counts: (queue: string) => ask('counts', () => server.counts(queue)),
    tellEnds() {},
    // For the watchdog of a consumer, which has nothing to complain of here.
    queue: async () => ({ isPaused: async () => true }),
  };
  // The product asks no more than this of a backend.
  return messaging as unknown as Messaging;
}

const toNewJob = (
  queue: string,
  { jobId: id, name, data, priority = 0, delayMs = 0 }: OutgoingJob,
  door: Door,
): NewJob => ({ queue, id, name, data: JSON.stringify(data), priority, delayMs, door });

const taskAlongside = (queue: string, job: OutgoingJob): Alongside => ({
  fn: 'along',
  values: [toNewJob(queue, job, 'own-door')],
});

/** As a worker of BullMQ: takes what is ready, as long as it has room, and tells the server what became of it. */
function workerOf(
  process: Process,
  given: { readonly queue: string; readonly processor: Processor; readonly settings: Settings },
  ports: MessagingPorts,
) {
  const { server, operations } = ports;
  const { queue, processor, settings } = given;
  const running = new Set<Promise<void>>();
  let isOpen = false;
  let isAsking = false;
  let taken = 0;

  const takeNext = (): { job: Job; token: string } | null => {
    const ready = server.ready(queue);
    const { choices } = operations;
    const isOvertaken =
      ready.length > 1 && ports.isStormy() && choices.fault(choices.numbered(`overtake in ${queue}`), ports.overtaking);
    const job = isOvertaken ? ready.at(-1) : ready[0];
    if (job === undefined) return null;
    taken += 1;
    const token = `${process.name}/${queue}/${taken}`;
    server.take(job, process, token);
    const name = choices.numbered(`lock of ${job.id}`);
    if (ports.isStormy() && choices.fault(name, ports.doubling))
      ports.after(LOCK_MS * choices.draw(`ms ${name}`), process, () => {
        const held = server.held(job, token);
        if (held !== null) server.stall(held);
      });
    return { job, token };
  };
  const handle = async (job: Job, token: string): Promise<void> => {
    job.isRenewed = true;
    const delivered = asDelivered(job, server);
    const failure = await processor(delivered, token).then(
      () => null,
      (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown))),
    );
    if (failure !== null && MOVED.has(failure.name)) return;
    const { backoff } = delivered.opts;
    const delayMs = typeof backoff === 'object' ? (backoff.delay ?? 0) : 0;
    const again = failure === null ? null : delayMs;
    // Where it could not be told, nobody says any more that somebody has it.
    job.isRenewed = false;
    await operations.ask(process, `queue settle ${queue}`, () => settle(job, token, again)).catch(() => {});
  };
  const settle = (job: Job, token: string, againAfterMs: number | null): void => {
    const held = server.held(job, token);
    if (againAfterMs === null) {
      ports.onDone(job);
      if (held !== null) server.complete(held);
    } else if (held !== null) {
      held.attemptsMade += 1;
      server.giveBack(held, againAfterMs);
    }
  };
  const look = (): void => {
    if (!isOpen || isAsking || running.size >= settings.concurrency || server.ready(queue).length === 0) return;
    isAsking = true;
    operations.ask(process, `queue take ${queue}`, takeNext).then(
      (found) => {
        isAsking = false;
        if (found !== null) {
          const work = handle(found.job, found.token).finally(() => {
            running.delete(work);
            look();
          });
          running.add(work);
        }
        look();
      },
      () => {
        isAsking = false;
        ports.after(settings.runRetryDelay, process, look);
      },
    );
  };
  const ring = (): void => void (process.isAlive && ports.after(0.2, process, look));
  let stopListening = (): void => {};
  return {
    waitUntilReady: async () => {},
    run: async () => {
      isOpen = true;
      stopListening = server.listen(queue, ring);
      ring();
    },
    close: async () => {
      isOpen = false;
      stopListening();
      while (running.size > 0) await Promise.all(running);
    },
    disconnect: async () => {},
    on: () => {},
  };
}

/** A job as its consumer gets it. */
function asDelivered(job: Job, server: QueueServer) {
  const moved = (token: string, delayMs: number): void => {
    const held = server.held(job, token);
    if (held !== null) server.giveBack(held, delayMs);
  };
  return {
    id: job.id,
    name: job.name,
    data: JSON.parse(job.data) as unknown,
    opts: {} as Parameters<Processor>[0]['opts'],
    attemptsMade: job.attemptsMade,
    attemptsStarted: job.attemptsStarted,
    stalledCounter: job.stalls,
    ...(job.door === 'own-door' ? { via: 'own-door' as const } : {}),
    moveToWait: async (token: string) => {
      moved(token, 0);
      return 1;
    },
    moveToDelayed: async (timestampMs: number, token: string) => moved(token, Math.max(0, timestampMs - Date.now())),
  };
}
