import { RetryableError, toError } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { JobState } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { Dispatcher } from '../dispatcher.js';

interface AskedJob {
  readonly queue: string;
  readonly jobId: string;
}

/** What the queues say of their jobs, by queue and job. One that could not say is left out. */
type Said = ReadonlyMap<string, ReadonlyMap<string, JobState>>;

export interface AskingPorts {
  readonly jobStates: (queue: string, jobIds: readonly string[]) => Promise<ReadonlyMap<string, JobState>>;
  readonly log: Logger;
}

/** A queue that makes trouble does not keep the others from being looked after; a server that is away ends the round. */
export async function askQueues(jobs: readonly AskedJob[], { jobStates, log }: AskingPorts): Promise<Said> {
  const said = new Map<string, ReadonlyMap<string, JobState>>();
  for (const [queue, ofQueue] of Map.groupBy(jobs, (job) => job.queue)) {
    const jobIds = [...new Set(ofQueue.map(({ jobId }) => jobId))];
    try {
      said.set(queue, await jobStates(queue, jobIds));
    } catch (thrown) {
      if (thrown instanceof RetryableError) throw thrown;
      log.error({ queue, err: toError(thrown) }, 'jobs of a queue could not be looked after');
    }
  }
  return said;
}

/**
 * Asks how the tasks of commands stand: the jobs that carry them, and their own, since whoever took a bundle may have put
 * some of it back by itself.
 *
 * @returns undefined for one whose queue could not say, and for one that has no queue
 */
export async function askForTasks(
  commands: readonly CommandRow[],
  dispatcher: Pick<Dispatcher, 'jobIdOf' | 'ownJobIdOf'>,
  ports: AskingPorts,
): Promise<(command: CommandRow) => JobState | undefined> {
  const jobs = commands.flatMap((command) => {
    const { queue } = command;
    if (queue === null) return [];
    return [dispatcher.jobIdOf(command), dispatcher.ownJobIdOf(command)].map((jobId) => ({ queue, jobId }));
  });
  const said = await askQueues(jobs, ports);
  return (command) => {
    const ofQueue = said.get(command.queue ?? '');
    const own = ofQueue?.get(dispatcher.ownJobIdOf(command));
    return isOpen(own) ? own : ofQueue?.get(dispatcher.jobIdOf(command));
  };
}

export const isOpen = (state: JobState | undefined): boolean =>
  state === 'waiting' || state === 'active' || state === 'delayed';
