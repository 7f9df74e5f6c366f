import { type JsonObject, laneResultsQueue, RetryableError, taskJobId } from '@baton/contracts';
import type { CommandRow, NonceOf } from '@baton/event-store';
import type { OutgoingJob, PublishOptions } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import { type OutgoingCommand, TaskBundles } from './task-bundles.js';
import type { Way } from './ways-to-workers.js';

/*
 * Sends committed commands to their queues from this process, each queue in commit order and none behind another: a queue
 * of the Postgres kind with a long line may take a second for one job. The cursor moves in commit order. Nothing here has to succeed: a command
 * that was not sent stands in Postgres beyond the lane's cursor, is sent again when the process starts, and by the sweep
 * otherwise. Job ids come from the command, so sending twice is harmless.
 */

export interface DispatcherPorts {
  readonly publish: (queue: string, jobs: readonly OutgoingJob[], options?: PublishOptions) => Promise<void>;
  /** What makes the ids of jobs unknown to whoever knows those of commands; without it they are plain. */
  readonly nonceOf?: NonceOf;
  /** How tasks get to the workers of a queue; without it each is a job of its own. */
  readonly wayTo?: (queue: string) => Way;
  readonly log: Logger;
}

export class Dispatcher {
  #chain: Promise<void> = Promise.resolve();
  /** By queue, what is on its way, and what goes next. */
  readonly #lines = new Map<string, Line>();
  #dispatchedSeq: number;
  readonly #bundles = new TaskBundles();
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
    const sends = [...this.#toJobs(commands)].map(([queue, outgoing]) => this.#sendInLine(queue, outgoing));
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
    for (const [queue, outgoing] of this.#toJobs(commands)) {
      for (const { command } of outgoing) this.#bundles.forget(command);
      await this.#publish(
        queue,
        outgoing.map(({ job }) => job),
      );
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
    return this.#bundles.jobIdOf(command) ?? taskJobId(command.commandId, command.dispatchNo, this.nonceOf(command));
  }

  /** Whether a queue knows nothing more of a job that is done. */
  forgets(queue: string): boolean {
    return this.#wayTo(queue).via === 'own-door';
  }

  /** These are settled: nobody will ask for their jobs. */
  forget(commandIds: readonly string[]): void {
    for (const commandId of commandIds) this.#bundles.forget({ commandId, dispatchNo: 0 });
  }

  #wayTo(queue: string): Way {
    return this.ports.wayTo?.(queue) ?? { bundle: 1 };
  }

  #toJobs(commands: readonly CommandRow[]): Map<string, OutgoingCommand[]> {
    const byQueue = new Map<string, OutgoingCommand[]>();
    for (const command of commands) {
      if (command.queue === null) continue;
      const outgoing = byQueue.get(command.queue) ?? [];
      outgoing.push({ command, job: toJob(command, this.nonceOf(command), this.#wayTo(command.queue)) });
      byQueue.set(command.queue, outgoing);
    }
    return byQueue;
  }

  /** A job that its queue refuses must not take those along that came with it. */
  async #publish(queue: string, jobs: readonly OutgoingJob[]): Promise<void> {
    const options = { via: this.#wayTo(queue).via };
    try {
      await this.ports.publish(queue, jobs, options);
    } catch (thrown) {
      if (thrown instanceof RetryableError || jobs.length === 1) throw thrown;
      const outcomes = await Promise.allSettled(jobs.map((job) => this.ports.publish(queue, [job], options)));
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

  /** While a queue has not answered, the commits that follow gather: they go together. */
  #sendInLine(queue: string, outgoing: readonly OutgoingCommand[]): Promise<void> {
    const line = this.#lines.get(queue);
    if (line !== undefined) {
      line.next.outgoing.push(...outgoing);
      return line.next.sent.promise;
    }
    const sent = this.#sendPacked(queue, outgoing);
    this.#lines.set(queue, { next: emptyLoad() });
    // What failed before is the sweep's to send, and no reason to hold the next load back.
    sent.then(
      () => this.#sendNext(queue),
      () => this.#sendNext(queue),
    );
    return sent;
  }

  #sendNext(queue: string): void {
    const next = this.#lines.get(queue)?.next;
    this.#lines.delete(queue);
    if (next === undefined || next.outgoing.length === 0) return;
    this.#sendInLine(queue, next.outgoing).then(next.sent.resolve, next.sent.reject);
  }

  #sendPacked(queue: string, outgoing: readonly OutgoingCommand[]): Promise<void> {
    return this.#publish(queue, this.#bundles.pack(outgoing, this.#wayTo(queue).bundle));
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

/** What goes to a queue in one request. */
interface Load {
  readonly outgoing: OutgoingCommand[];
  readonly sent: PromiseWithResolvers<void>;
}

interface Line {
  readonly next: Load;
}

function emptyLoad(): Load {
  const sent = Promise.withResolvers<void>();
  // Nobody may have handed anything over for it.
  sent.promise.catch(() => {});
  return { outgoing: [], sent };
}

/**
 * The result is to go to the lane that the command was issued in, whoever sends it: there the sweep looks for it, and there
 * the hub is that has the run. Lanes have queues of the own door alone.
 */
function toJob(command: CommandRow, nonce: string | undefined, { via }: Way): OutgoingJob {
  const { dispatchNo, lane } = command;
  const data: JsonObject = {
    ...command.message,
    dispatchNo,
    ...(nonce === undefined ? {} : { nonce }),
    ...(via === 'own-door' ? { replyTo: laneResultsQueue(lane) } : {}),
  };
  return {
    jobId: taskJobId(command.commandId, dispatchNo, nonce),
    name: command.name,
    data,
    priority: command.priority,
    ...(command.waitMs > 0 ? { delayMs: Math.ceil(command.waitMs) } : {}),
  };
}
