import { type CommandId, laneResultsQueue, RetryableError, resultJobId, resultsQueue, toError } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { JobState } from '@baton/messaging';
import type { HubStore } from '../hub-store.js';
import type { Shares } from '../shares.js';
import { keyOf } from '../task-bundles.js';
import { type AskingPorts, askForTasks, askQueues, isOpen } from './ask-queues.js';
import { pagesOf } from './pages.js';
import { createReach, type ReachPorts } from './within-reach.js';

/*
 * Anti-entropy between the command table (the truth) and the queues (a cache that may forget): looks at commands that have been
 * out for long.
 *
 *  - One whose job is gone and whose result does not wait is sent again under the same job id. A job that is done is forgotten
 *    after a minute, so that a hub that comes back finds results whose tasks are gone.
 *  - One that waits behind the door of Baton's own processes, while all workers of its kind that live are such that do not look
 *    there, is taken back and sent through the other door. So is one that waits there on a rung at which not all workers of its
 *    kind look any more; it is sent in front. See `within-reach.ts`.
 *  - One whose job stands as finished although no result came or waits: the result was lost, or its worker broke off. It is
 *    sent again under a new dispatch number, but only when two rounds in a row saw it so, since a result may be on its way at
 *    this moment. After MOST_DISPATCHES of that the task itself is to blame, and fails: its state may retry, catch, or end the
 *    run.
 */

/** Commands that are looked at together. */
const PAGE = 1_000;
const MOST_DISPATCHES = 5;

export interface SweepPorts extends AskingPorts, ReachPorts {
  readonly store: Pick<HubStore, 'outstanding' | 'bumpDispatch'>;
  /** Told of what is open still. */
  readonly shares?: Pick<Shares, 'seeOpen' | 'forgetUnseen'>;
  /** Whether messages wait in a queue: a result may be among them under the id of its bundle. */
  readonly hasWaiting: (queue: string) => Promise<boolean>;
  /** Ends a task whose workers finish without a result, time and again. */
  readonly giveUp: (command: CommandRow) => Promise<unknown>;
  /** Commands younger than this are left alone. Milliseconds. */
  readonly graceMs: number;
}

/** One sweeper per process: it remembers what the last round found finished without a result. */
export function createSweeper(ports: SweepPorts): () => Promise<void> {
  let finishedBefore: ReadonlySet<string> = new Set();
  const reach = createReach(ports);

  return async () => {
    const finishedNow = new Set<string>();
    const open = new Set<string>();
    const olderThanMs = ports.graceMs;
    for await (const page of pagesOf((next) => ports.store.outstanding({ olderThanMs, ...next }), PAGE)) {
      const states = await statesOf(page, ports);
      const moved = await reach.bring(page, states.stateOf);
      for (const command of page) {
        open.add(keyOf(command));
        ports.shares?.seeOpen(command.commandId);
        if (moved.has(command)) continue;
        const verdict = await inspect(command, states, ports, finishedBefore).catch((thrown) =>
          unswept(command, thrown, ports),
        );
        if (verdict === 'finished') finishedNow.add(keyOf(command));
        if (verdict !== 'alive') ports.log.info({ commandId: command.commandId, verdict }, 'outstanding command swept');
      }
    }
    finishedBefore = finishedNow;
    // What became so old while the round went on may be missing among them.
    ports.dispatcher.forgetAllBut(open, 2 * olderThanMs);
    ports.shares?.forgetUnseen(2 * olderThanMs);
    reach.endRound();
  };
}

type Verdict = 'alive' | 'sent-again' | 'finished' | 'given-up' | 'failed';

/** A server that is away ends the round; one command that makes trouble does not keep the others from being swept. */
function unswept(command: CommandRow, thrown: unknown, { log }: SweepPorts): Verdict {
  if (thrown instanceof RetryableError) throw thrown;
  log.error({ commandId: command.commandId, err: toError(thrown) }, 'outstanding command could not be swept');
  return 'failed';
}

async function inspect(
  command: CommandRow,
  states: States,
  ports: SweepPorts,
  finishedBefore: ReadonlySet<string>,
): Promise<Verdict> {
  const state = states.stateOf(command);
  // Its queue could not say, which a log line tells.
  if (state === undefined || isOpen(state) || states.answered.has(command.commandId)) return 'alive';
  if (state === 'unknown' && !isForgotten(command, ports)) {
    await ports.dispatcher.send([command]);
    return 'sent-again';
  }
  if (!finishedBefore.has(keyOf(command))) return 'finished';
  if (command.dispatchNo >= MOST_DISPATCHES) {
    await ports.giveUp(command);
    return 'given-up';
  }
  // Null when another hub was faster, or the result has come.
  const dispatchNo = await ports.store.bumpDispatch(command.commandId, command.dispatchNo);
  if (dispatchNo === null) return 'alive';
  await ports.dispatcher.send([{ ...command, dispatchNo }]);
  return 'sent-again';
}

/** A job that is gone is done as far as anybody knows, where its queue forgets what is done. */
const isForgotten = ({ queue }: CommandRow, { dispatcher }: SweepPorts): boolean =>
  queue !== null && dispatcher.forgets(queue);

interface States {
  readonly stateOf: (command: CommandRow) => JobState | undefined;
  /** Commands whose task has ended and whose result waits in a queue, or may: the queue could not say. */
  readonly answered: ReadonlySet<CommandId>;
}

async function statesOf(page: readonly CommandRow[], ports: SweepPorts): Promise<States> {
  const stateOf = await askForTasks(page, ports.dispatcher, ports);
  const ended = page.filter((command) => {
    const state = stateOf(command);
    return state !== undefined && !isOpen(state);
  });
  return { stateOf, answered: await answeredOf(ended, ports) };
}

/** A hub that was away has a backlog: what stands in it need not be asked for again. */
async function answeredOf(ended: readonly CommandRow[], ports: SweepPorts): Promise<ReadonlySet<CommandId>> {
  const results = ended.flatMap(({ commandId, dispatchNo, lane, runId }) => {
    const jobId = resultJobId(commandId, dispatchNo, ports.dispatcher.nonceOf({ commandId, dispatchNo }));
    // By the one a worker answers that knows where the hub wants it, by the other one that does not.
    return [laneResultsQueue(lane), resultsQueue(runId)].map((queue) => ({ queue, jobId, commandId }));
  });
  const said = await askQueues(results, ports);
  const answered = new Set<CommandId>();
  for (const [queue, ofQueue] of Map.groupBy(results, (result) => result.queue)) {
    const states = said.get(queue);
    const mayBeThere = (jobId: string): boolean => states === undefined || isOpen(states.get(jobId));
    const missing = ofQueue.filter(({ jobId }) => !mayBeThere(jobId));
    // A result that came with others has no job of its own: as long as any wait in its queue, it may be one of them.
    const mayBeAny = missing.length > 0 && (await mayHaveWaiting(queue, ports));
    for (const { commandId, jobId } of ofQueue) if (mayBeAny || mayBeThere(jobId)) answered.add(commandId);
  }
  return answered;
}

async function mayHaveWaiting(queue: string, { hasWaiting, log }: SweepPorts): Promise<boolean> {
  try {
    return await hasWaiting(queue);
  } catch (thrown) {
    if (thrown instanceof RetryableError) throw thrown;
    log.error({ queue, err: toError(thrown) }, 'a queue could not say whether results wait in it');
    return true;
  }
}
