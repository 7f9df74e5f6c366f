import { type JsonObject, RetryableError, taskJobId } from '@baton/contracts';
import type { CommandRow, NonceOf } from '@baton/event-store';
import { bundleOf, type OutgoingJob } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';

/*
 * Sends committed commands to their queues from this process, each queue in commit order and none behind another: a queue
 * of the Postgres kind with a long line may take a second for one job. The cursor moves in commit order. Nothing here has to succeed: a command
 * that was not sent stands in Postgres beyond the lane's cursor, is sent again when the process starts, and by the sweep
 * otherwise. Job ids come from the command, so sending twice is harmless.
 */

export interface DispatcherPorts {
  readonly publish: (queue: string, jobs: readonly OutgoingJob[]) => Promise<void>;
  /** What makes the ids of jobs unknown to whoever knows those of commands; without it they are plain. */
  readonly nonceOf?: NonceOf;
  /** Where the results of what is sent are to go; without it to the queues of their runs. */
  readonly replyTo?: string;
  /** How many tasks all workers of a queue take as one job; without it each task is one. */
  readonly bundleOf?: (queue: string) => number;
  readonly log: Logger;
}

export class Dispatcher {
  #chain: Promise<void> = Promise.resolve();
  /** By queue, what was handed over last. */
  readonly #lines = new Map<string, Promise<void>>();
  #dispatchedSeq: number;
  /** What went out as part of a bundle and is open still: by its own job id, that of the bundle. Lost with the process: see `jobIdOf`. */
  readonly #bundled = new Map<string, string>();
  #failures = 0;
  #isBehind = false;

  constructor(
    private readonly ports: DispatcherPorts,
    dispatchedSeq: number,
  ) {
    this.#dispatchedSeq = dispatchedSeq;
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
    const sends = [...this.#toJobs(commands)].map(([queue, jobs]) =>
      this.#sendInLine(queue, this.#bundles(queue, jobs)),
    );
    const sent = Promise.allSettled(sends);
    this.#chain = this.#chain.then(async () => this.#noteSent(commands, await sent));
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
    for (const [queue, jobs] of this.#toJobs(commands)) {
      for (const { jobId } of jobs) this.#bundled.delete(jobId);
      await this.#publish(queue, jobs);
    }
  }

  /** The nonce of a command as it is sent now; undefined where ids are plain. */
  nonceOf({ commandId, dispatchNo }: Pick<CommandRow, 'commandId' | 'dispatchNo'>): string | undefined {
    return this.ports.nonceOf?.(commandId, dispatchNo);
  }

  /**
   * The job that carries a command: its own, or the bundle that it went out in. Of a process that is gone nobody knows the
   * bundles: what was in them is sent again, as jobs of their own, and at worst done twice.
   */
  jobIdOf(command: Pick<CommandRow, 'commandId' | 'dispatchNo'>): string {
    const own = taskJobId(command.commandId, command.dispatchNo, this.nonceOf(command));
    return this.#bundled.get(own) ?? own;
  }

  /** These are settled: nobody will ask for their jobs. */
  forget(commandIds: readonly string[]): void {
    if (this.#bundled.size === 0) return;
    for (const commandId of commandIds) {
      this.#bundled.delete(taskJobId(commandId, 0, this.nonceOf({ commandId, dispatchNo: 0 })));
    }
  }

  /** What is due at once and as urgent as its neighbours goes together, as many as the workers of the queue take. */
  #bundles(queue: string, jobs: readonly OutgoingJob[]): readonly OutgoingJob[] {
    const most = this.ports.bundleOf?.(queue) ?? 1;
    if (most < 2 || jobs.length < 2) return jobs;
    const sent = jobs.filter(({ delayMs }) => delayMs !== undefined);
    const byPriority = Map.groupBy(
      jobs.filter(({ delayMs }) => delayMs === undefined),
      ({ priority }) => priority ?? 0,
    );
    for (const [priority, alike] of byPriority) {
      for (let from = 0; from < alike.length; from += most)
        sent.push(this.#bundle(alike.slice(from, from + most), priority));
    }
    return sent;
  }

  #bundle(jobs: readonly OutgoingJob[], priority: number): OutgoingJob {
    const [first] = jobs;
    if (first !== undefined && jobs.length === 1) return first;
    // Of the first, whose id nobody can know.
    const bundle = bundleOf(`b-${first?.jobId}`, jobs);
    for (const { jobId } of jobs) this.#bundled.set(jobId, bundle.jobId);
    return { ...bundle, priority };
  }

  #toJobs(commands: readonly CommandRow[]): Map<string, OutgoingJob[]> {
    const byQueue = new Map<string, OutgoingJob[]>();
    for (const command of commands) {
      if (command.queue === null) continue;
      const jobs = byQueue.get(command.queue) ?? [];
      jobs.push(toJob(command, this.nonceOf(command), this.ports.replyTo));
      byQueue.set(command.queue, jobs);
    }
    return byQueue;
  }

  /** A job that its queue refuses must not take those along that came with it. */
  async #publish(queue: string, jobs: readonly OutgoingJob[]): Promise<void> {
    try {
      await this.ports.publish(queue, jobs);
    } catch (thrown) {
      if (thrown instanceof RetryableError || jobs.length === 1) throw thrown;
      const outcomes = await Promise.allSettled(jobs.map((job) => this.ports.publish(queue, [job])));
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      if (refused !== undefined) throw refused.reason;
    }
  }

  /**
   * All of the undispatched tail was sent, up to `seq` in this lane: the cursor may move past it, unless another send
   * failed meanwhile.
   */
  caughtUp(seq: number, failuresSeen: number): void {
    if (this.#failures !== failuresSeen) return;
    this.#isBehind = false;
    this.#dispatchedSeq = Math.max(this.#dispatchedSeq, seq);
  }

  #sendInLine(queue: string, jobs: readonly OutgoingJob[]): Promise<void> {
    const send = (): Promise<void> => this.#publish(queue, jobs);
    // What failed before is the sweep's to send, and no reason to hold this back.
    const sent = (this.#lines.get(queue) ?? Promise.resolve()).then(send, send);
    this.#lines.set(queue, sent);
    return sent;
  }

  #noteSent(commands: readonly CommandRow[], outcomes: readonly PromiseSettledResult<void>[]): void {
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) {
      this.#isBehind = true;
      this.#failures += 1;
      const facts = { err: failed.reason, commands: commands.length };
      this.ports.log.warn(facts, 'commands not sent, the sweep will send them');
    } else if (!this.#isBehind) {
      // Not spread into Math.max: a commit may hold more commands than a call may have arguments.
      for (const { seq } of commands) this.#dispatchedSeq = Math.max(this.#dispatchedSeq, seq);
    }
  }
}

function toJob(command: CommandRow, nonce: string | undefined, replyTo: string | undefined): OutgoingJob {
  const { dispatchNo } = command;
  const data: JsonObject = {
    ...command.message,
    dispatchNo,
    ...(nonce === undefined ? {} : { nonce }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
  return {
    jobId: taskJobId(command.commandId, dispatchNo, nonce),
    name: command.name,
    data,
    priority: command.priority,
    ...(command.waitMs > 0 ? { delayMs: Math.ceil(command.waitMs) } : {}),
  };
}
