import { BatonError, type CommandId, toError } from '@baton/contracts';
import { type ClosedReason, gathering } from '@baton/event-store';
import type { WorkerLog } from './task-handler.js';

/*
 * A task is wanted for as long as its command is open. The hub closes one with its run, with a sibling that failed, or when
 * its time is up, and tells no queue: a waiting task stays in its queue, and one in work is in a process that the hub does
 * not know. So the worker asks: before it begins a task that has waited for a while, and once a second for all that it has in
 * work, in one request.
 */

/** With the request itself, and what it takes to commit a cancellation, well below two seconds. */
const ASK_EVERY_MS = 1_000;

export interface TaskWatchPorts {
  /** Those of the commands that are closed, with the reason. */
  readonly closedCommands: (commandIds: readonly CommandId[]) => Promise<ReadonlyMap<CommandId, ClosedReason>>;
  readonly log: WorkerLog;
}

/** A task in work, followed until `release`. */
interface FollowedTask {
  /** Aborts with a BatonError whose code says why: see `closedTask`. */
  readonly signal: AbortSignal;
  readonly release: () => void;
}

export interface TaskWatch {
  /** Why the task need not be begun; null where somebody waits for it. Throws what `closedCommands` throws: then nobody knows. */
  readonly reasonNotToBegin: (commandId: CommandId) => Promise<ClosedReason | null>;
  readonly follow: (commandId: CommandId) => FollowedTask;
}

export function createTaskWatch({ closedCommands, log }: TaskWatchPorts): TaskWatch {
  /** The same task may be here twice: delivered again while the first delivery has not noticed. */
  const inWork = new Set<{ readonly commandId: CommandId; readonly abort: AbortController }>();
  let timer: NodeJS.Timeout | null = null;

  const ask = async (): Promise<void> => {
    try {
      const commandIds = [...new Set([...inWork].map(({ commandId }) => commandId))];
      const closed = await closedCommands(commandIds);
      for (const { commandId, abort } of inWork) {
        const reason = closed.get(commandId);
        if (reason !== undefined) abort.abort(closedTask(reason));
      }
    } catch (thrown) {
      // The work goes on meanwhile, and the next request is as good.
      log.warn({ tasks: inWork.size, reason: toError(thrown).message }, 'could not ask whether tasks are still wanted');
    }
    timer = null;
    schedule();
  };
  const schedule = (): void => {
    if (timer !== null || [...inWork].every(({ abort }) => abort.signal.aborted)) return;
    timer = setTimeout(() => void ask(), ASK_EVERY_MS);
  };

  /** Tasks that come at the same moment are asked for in one request. */
  const reasonOf = gathering(async (commandIds: readonly CommandId[]) => {
    const closed = await closedCommands(commandIds);
    return (commandId: CommandId) => closed.get(commandId) ?? null;
  });

  return {
    reasonNotToBegin: reasonOf,
    follow: (commandId) => {
      const task = { commandId, abort: new AbortController() };
      inWork.add(task);
      schedule();
      return {
        signal: task.abort.signal,
        release: () => {
          inWork.delete(task);
          if (inWork.size > 0 || timer === null) return;
          clearTimeout(timer);
          timer = null;
        },
      };
    },
  };
}

const SENTENCES: Readonly<Record<ClosedReason, string>> = {
  cancelled: 'The run of this task was cancelled.',
  'time-up': 'The time of this task is up.',
  answered: 'Another delivery of this task has answered it.',
  'given-up': 'Nobody waits for the result of this task any more.',
};

/** The reason of an aborted task: `task-cancelled`, `task-time-up`, `task-answered` or `task-given-up`. */
export const closedTask = (reason: ClosedReason): BatonError =>
  new BatonError(SENTENCES[reason], {
    code: `task-${reason}`,
    next: 'End the work, and undo what must not remain: no result is taken.',
  });
