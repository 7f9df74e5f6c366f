import type { CommandRow } from '@baton/event-store';
import { bundleOf, inBundles, type OutgoingJob } from '@baton/messaging';

/** A command as often as it was sent out. */
export type CommandKey = Pick<CommandRow, 'commandId' | 'dispatchNo'>;

/** A command as it goes to its queue. */
export interface OutgoingCommand {
  readonly command: CommandKey;
  readonly job: OutgoingJob;
}

export const keyOf = ({ commandId, dispatchNo }: CommandKey): string => `${commandId} ${dispatchNo}`;

/** Puts tasks together into jobs, and knows which job carries what. Lost with the process: see `Dispatcher.jobIdOf`. */
export class TaskBundles {
  /** The bundle, by command and dispatch number, of what is open still. */
  readonly #jobs = new Map<string, { readonly jobId: string; readonly packedMs: number }>();

  constructor(private readonly monotonicMs: () => number) {}

  /** What is due at once and as urgent as its neighbours goes together, at most `most` of it; all else by itself. */
  pack(commands: readonly OutgoingCommand[], most: number): readonly OutgoingJob[] {
    if (most < 2 || commands.length < 2) return commands.map(({ job }) => job);
    const alone = commands.filter(({ job }) => job.delayMs !== undefined).map(({ job }) => job);
    const together = Map.groupBy(
      commands.filter(({ job }) => job.delayMs === undefined),
      ({ job }) => job.priority ?? 0,
    );
    return [...alone, ...[...together].flatMap(([priority, alike]) => this.#bundled(alike, most, priority))];
  }

  /** The bundle in which a command went out; undefined where it went by itself, or nobody knows. */
  jobIdOf(command: CommandKey): string | undefined {
    return this.#jobs.get(keyOf(command))?.jobId;
  }

  /** From now on it goes by itself, or is settled. */
  forget(command: CommandKey): void {
    if (this.#jobs.size > 0) this.#jobs.delete(keyOf(command));
  }

  /** Of what has gone out for so long only these are open: the rest was settled by another hub. */
  keepOnly(open: ReadonlySet<string>, olderThanMs: number): void {
    const packedBeforeMs = this.monotonicMs() - olderThanMs;
    for (const [key, { packedMs }] of this.#jobs) {
      if (packedMs < packedBeforeMs && !open.has(key)) this.#jobs.delete(key);
    }
  }

  #bundled(commands: readonly OutgoingCommand[], most: number, priority: number): readonly OutgoingJob[] {
    const packedMs = this.monotonicMs();
    const byJob = new Map(commands.map(({ command, job }) => [job, command]));
    return inBundles([...byJob.keys()], most).map((jobs) => {
      const [first] = jobs;
      if (first !== undefined && jobs.length === 1) return first;
      // By the id of the first, which nobody can know before.
      const bundle = { ...bundleOf(`b-${first?.jobId}`, jobs), priority };
      for (const job of jobs) {
        const command = byJob.get(job);
        if (command !== undefined) this.#jobs.set(keyOf(command), { jobId: bundle.jobId, packedMs });
      }
      return bundle;
    });
  }
}
