import {
  type Alongside,
  type JsonObject,
  laneResultsQueue,
  RetryableError,
  taskJobId,
  toError,
  urgencyOf,
} from '@baton/contracts';
import type { AppendItem, CommandRow, NonceOf, TaskTokenOf } from '@baton/event-store';
import type { OutgoingJob, PublishOptions, TaskAlongside } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import { type Handover, Handovers } from './handovers.js';
import { SEALED } from './personal/seal-message.js';
import { QueueLines } from './queue-lines.js';
import { type CommandKey, type OutgoingCommand, TaskBundles } from './task-bundles.js';
import { hasRungs, type Way } from './ways-to-workers.js';
import { withToken } from './with-token.js';

/*
 * Sends committed commands to their queues from this process, each queue in commit order and none behind another: a queue
 * of the Postgres kind with a long line may take a second for one job. The cursor moves in commit order. Nothing here has to
 * succeed: a command that was not sent stands in Postgres beyond the lane's cursor, is sent again when the process starts, and
 * by the sweep otherwise. To send twice does no harm, and may cost: BullMQ knows the id of a job that is done, the own door
 * has forgotten it, and neither knows what is in a bundle.
 */

export interface DispatcherPorts {
  readonly publish: (queue: string, jobs: readonly OutgoingJob[], options?: PublishOptions) => Promise<void>;
  /** What makes the ids of jobs unknown to whoever knows those of commands; without it they are plain. */
  readonly nonceOf?: NonceOf;
  /** The token of a task that gives one out; without it none has any. */
  readonly tokenOf?: TaskTokenOf;
  /** How tasks get to the workers of a queue; without it each is a job of its own. */
  readonly wayTo?: (queue: string) => Way;
  /** See `along`; without it nothing is sent so. */
  readonly alongside?: TaskAlongside | null;
  /** Of this process. */
  readonly lane?: number;
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

export class Dispatcher {
  #chain: Promise<void> = Promise.resolve();
  readonly #lines = new QueueLines<CommandRow>((queue, commands) => this.#sendPacked(queue, commands));
  #dispatchedSeq: number;
  readonly #bundles: TaskBundles;
  readonly #handovers = new Handovers();
  #failures = 0;
  #isBehind = false;

  constructor(
    private readonly ports: DispatcherPorts,
    dispatchedSeq: number,
  ) {
    this.#dispatchedSeq = dispatchedSeq;
    this.#bundles = new TaskBundles(ports.monotonicMs);
  }

  /** Every command of the lane up to this number was handed to its queue; saved with the next append. */
  get dispatchedSeq(): number {
    return this.#dispatchedSeq;
  }

  /** A publish failed: the cursor stays until the sweep has sent what is missing. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Queues the commands of one commit for sending. Never throws; each queue gets them in the order of the calls. */
  dispatch(commands: readonly CommandRow[]): void {
    if (commands.length === 0) return;
    this.#handovers.begin(commands);
    const sends = [...byQueue(commands)].map(([queue, ofQueue]) => this.#lines.send(queue, ofQueue));
    const sent = Promise.allSettled(sends);
    this.#chain = this.#chain.then(async () => this.#noteSent(commands, await sent));
  }

  /**
   * What sends the only task that a batch issues, in the transaction that issues it; null where there are more, or it goes another
   * way. So a quiet hub has one request less for each turn of a run, and no task lies between its commit and its queue. Of
   * many at once it would be no gain: others who ring a bell would wait for the disk with it.
   */
  along(items: readonly AppendItem[]): Alongside | null {
    const { alongside, lane } = this.ports;
    if (alongside == null || lane === undefined) return null;
    const [command, ...more] = items.flatMap(({ commands }) => commands.filter(({ queue }) => queue !== null));
    if (command === undefined || command.queue === null || more.length > 0) return null;
    const way = this.#wayTo(command.queue);
    // What was issued before comes first. What is personal is opened on its way.
    if (this.#lines.isBusy(command.queue)) return null;
    if (way.via !== 'own-door' || command.notBefore !== null || SEALED in command.message) return null;
    try {
      const sent = { ...command, dispatchNo: 0, lane, waitMs: 0 };
      return alongside(command.queue, this.#toJob(sent, way));
    } catch {
      // Too large: it is refused where it is sent by itself.
      return null;
    }
  }

  /** Notes commands that were sent in the transaction of their commit. */
  sentAlong(commands: readonly CommandRow[]): void {
    this.#handovers.begin(commands);
    for (const command of commands) this.#handovers.succeed(command);
    this.#chain = this.#chain.then(() => this.#noteSent(commands, []));
  }

  /** Whether this process has sent a command that lies beyond the cursor, or is about to. */
  handoverOf(command: CommandKey): Handover | undefined {
    return this.#handovers.of(command);
  }

  /** How many sends failed so far: tells whether one failed while the sweep was catching up. */
  get failures(): number {
    return this.#failures;
  }

  /** Resolves when everything handed over so far was sent or given up. */
  settled(): Promise<void> {
    return this.#chain;
  }

  /** Sends now, each command as a job of its own; throws when a queue cannot be reached. For the start, the sweep and the rebuild. */
  async send(commands: readonly CommandRow[]): Promise<void> {
    for (const [queue, ofQueue] of byQueue(commands)) {
      const way = this.#wayTo(queue);
      const jobs = this.#outgoing(ofQueue, way).map(({ job }) => job);
      for (const command of ofQueue) this.#bundles.forget(command);
      const [reason] = (await this.#publish(queue, jobs, way)).values();
      if (reason !== undefined) throw reason;
    }
  }

  /** The nonce of a command as it is sent now; undefined where ids are plain. */
  nonceOf({ commandId, dispatchNo }: CommandKey): string | undefined {
    return this.ports.nonceOf?.(commandId, dispatchNo);
  }

  /**
   * The job that carries a command: its own, or the bundle that it went out in. Of a process that is gone nobody knows the
   * bundles: what was in them is sent again, as jobs of their own, and at worst done twice.
   */
  jobIdOf(command: CommandKey): string {
    return this.#bundles.jobIdOf(command) ?? this.ownJobIdOf(command);
  }

  /** The job that it is by itself, which it becomes also where its bundle is taken apart. */
  ownJobIdOf(command: CommandKey): string {
    return taskJobId(command.commandId, command.dispatchNo, this.nonceOf(command));
  }

  /** Whether a queue knows nothing more of a job that is done. */
  forgets(queue: string): boolean {
    return this.#wayTo(queue).via === 'own-door';
  }

  /** Whether nobody takes what stands behind the own door of a queue, while others wait at BullMQ's. */
  isOwnDoorLeft(queue: string): boolean {
    return this.#wayTo(queue).isOwnDoorLeft === true;
  }

  /** See `hasRungs`. */
  readonly knowsRungs = (queue: string): boolean => hasRungs(this.#wayTo(queue));

  /** These are settled: nobody will ask for their jobs. */
  forget(commandIds: readonly string[]): void {
    for (const commandId of commandIds) {
      const command = { commandId, dispatchNo: 0 };
      this.#bundles.forget(command);
      this.#handovers.forget(command);
    }
  }

  /** Of all that was sent at least so long ago these are open still, by `keyOf`: what another hub settled is forgotten. */
  forgetAllBut(open: ReadonlySet<string>, olderThanMs: number): void {
    this.#bundles.keepOnly(open, olderThanMs);
  }

  #wayTo(queue: string): Way {
    return this.ports.wayTo?.(queue) ?? { bundle: 1 };
  }

  #outgoing(commands: readonly CommandRow[], way: Way): readonly OutgoingCommand[] {
    return commands.map((command) => ({ command, job: this.#toJob(command, way) }));
  }

  #toJob(command: Parameters<typeof toJob>[0], way: Way): OutgoingJob {
    return toJob(withToken(command, this.ports.tokenOf), this.nonceOf(command), way);
  }

  /**
   * A job that its queue refuses must not take those along that came with it.
   *
   * @returns by job id, why it was not sent, or why nobody knows
   */
  async #publish(queue: string, jobs: readonly OutgoingJob[], { via }: Way): Promise<ReadonlyMap<string, Error>> {
    try {
      await this.ports.publish(queue, jobs, { via });
      return new Map();
    } catch (thrown) {
      if (thrown instanceof RetryableError || jobs.length === 1) {
        return new Map(jobs.map(({ jobId }) => [jobId, toError(thrown)]));
      }
    }
    const unsent = new Map<string, Error>();
    const publishAlone = (job: OutgoingJob): Promise<unknown> =>
      this.ports.publish(queue, [job], { via }).catch((thrown: unknown) => unsent.set(job.jobId, toError(thrown)));
    await Promise.all(jobs.map(publishAlone));
    return unsent;
  }

  /**
   * All of the undispatched tail was sent, up to `seq` in this lane: the cursor may move past it, unless another send
   * failed meanwhile.
   */
  caughtUp(seq: number, failuresSeen: number): void {
    if (this.#failures !== failuresSeen) return;
    this.#isBehind = false;
    this.#moveCursor(seq);
  }

  async #sendPacked(queue: string, commands: readonly CommandRow[]): Promise<void> {
    const way = this.#wayTo(queue);
    const outgoing = this.#outgoing(commands, way);
    const unsent = await this.#publish(queue, this.#bundles.pack(outgoing, way.bundle), way);
    for (const { command, job } of outgoing) {
      const reason = unsent.get(this.#bundles.jobIdOf(command) ?? job.jobId);
      if (reason === undefined) {
        this.#handovers.succeed(command);
        continue;
      }
      this.#handovers.fail(command);
      // A bundle that was refused is none. One whose answer did not come may be there: its queue is asked before it is taken apart.
      if (!(reason instanceof RetryableError)) this.#bundles.forget(command);
    }
    const [reason] = unsent.values();
    if (reason === undefined) return;
    this.#isBehind = true;
    this.#failures += 1;
    throw reason;
  }

  #noteSent(commands: readonly CommandRow[], outcomes: readonly PromiseSettledResult<void>[]): void {
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) {
      const facts = { err: failed.reason, commands: commands.length };
      this.ports.log.warn(facts, 'commands not sent, the sweep will send them');
    } else if (!this.#isBehind) {
      // Not spread into Math.max: a commit may hold more commands than a call may have arguments.
      this.#moveCursor(commands.reduce((last, { seq }) => Math.max(last, seq), 0));
    }
  }

  #moveCursor(seq: number): void {
    this.#dispatchedSeq = Math.max(this.#dispatchedSeq, seq);
    this.#handovers.passed(this.#dispatchedSeq);
  }
}

/** What goes nowhere is left out. */
function byQueue(commands: readonly CommandRow[]): ReadonlyMap<string, readonly CommandRow[]> {
  const queues = new Map<string, CommandRow[]>();
  for (const command of commands) {
    if (command.queue === null) continue;
    const ofQueue = queues.get(command.queue) ?? [];
    ofQueue.push(command);
    queues.set(command.queue, ofQueue);
  }
  return queues;
}

/**
 * The result is to go to the lane that the command was issued in, whoever sends it: there the sweep looks for it, and there
 * the hub is that has the run. Lanes have queues of the own door alone.
 */
function toJob(
  command: Omit<CommandRow, 'seq' | 'runId' | 'createdAt'>,
  nonce: string | undefined,
  way: Way,
): OutgoingJob {
  const { dispatchNo, lane } = command;
  const data: JsonObject = {
    ...command.message,
    dispatchNo,
    ...(nonce === undefined ? {} : { nonce }),
    ...(way.via === 'own-door' ? { replyTo: laneResultsQueue(lane) } : {}),
  };
  return {
    jobId: taskJobId(command.commandId, dispatchNo, nonce),
    name: command.name,
    data,
    // Workers of an older Baton would leave on a higher rung what is put there.
    priority: hasRungs(way) ? command.priority : urgencyOf(command.priority),
    ...(command.waitMs > 0 ? { delayMs: Math.ceil(command.waitMs) } : {}),
  };
}
