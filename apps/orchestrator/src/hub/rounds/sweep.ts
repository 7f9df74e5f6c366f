import { RetryableError, resultJobId, resultsQueue, taskJobId, toError } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { JobState } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { Dispatcher } from '../dispatcher.js';
import type { HubStore } from '../hub-store.js';

/*
 * Anti-entropy between the command table (the truth) and the queues (a cache that may forget). Two findings:
 *
 *  - a command beyond its lane's cursor: its process died, or the queue was down, between commit and dispatch → send it;
 *  - an old outstanding command whose job is gone → send it again under the same job id; whose job stands as finished
 *    although no result came or waits → the result was lost, or its worker broke off: send it again under a new dispatch
 *    number, but only when two rounds in a row saw it so, since a result may be on its way at this moment. After
 *    MOST_DISPATCHES of that the task itself is to blame, and fails: its state may retry, catch, or end the run.
 */

const PAGE = 500;
const MOST_DISPATCHES = 5;

export interface SweepPorts {
  readonly store: Pick<HubStore, 'undispatched' | 'outstanding' | 'bumpDispatch'>;
  readonly dispatcher: Dispatcher;
  readonly jobState: (queue: string, jobId: string) => Promise<JobState>;
  /** Ends a task whose workers finish without a result, time and again. */
  readonly giveUp: (command: CommandRow) => Promise<unknown>;
  readonly log: Logger;
  /** Commands younger than this are left alone. Milliseconds. */
  readonly graceMs: number;
}

/**
 * Sends what was committed but never sent, by this process or by one that is gone, and moves the own cursor past it. The
 * cursor of a lane that nobody holds stays, so what one round sent is left out by the next: the sweep looks after it.
 */
export function createTailSender(ports: SweepPorts, lane: number): (olderThanMs: number) => Promise<void> {
  let sentBefore: ReadonlySet<string> = new Set();

  return async (olderThanMs) => {
    const { dispatcher, store, log } = ports;
    const { failures, isBehind } = dispatcher;
    // The cursor may only pass what was sent, so a hub that is behind must see all of its tail.
    const age = isBehind ? {} : { olderThanMs };
    const sent = new Set<string>();
    let ownSeq = 0;
    for (let afterSeq = 0; ; ) {
      const page = await store.undispatched({ ...age, afterSeq, limit: PAGE });
      const unsent = page.filter((command) => !sentBefore.has(jobOf(command)));
      await dispatcher.send(unsent);
      if (unsent.length > 0) log.info({ commands: unsent.length }, 'undispatched commands sent');
      for (const command of page) {
        sent.add(jobOf(command));
        if (command.lane === lane) ownSeq = command.seq;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      afterSeq = last.seq;
    }
    sentBefore = sent;
    dispatcher.caughtUp(ownSeq, failures);
  };
}

/** One sweeper per process: it remembers what the last round found finished without a result. */
export function createSweeper(ports: SweepPorts): () => Promise<void> {
  let finishedBefore: ReadonlySet<string> = new Set();

  return async () => {
    const finishedNow = new Set<string>();
    for (let afterSeq = 0; ; ) {
      const page = await ports.store.outstanding({ olderThanMs: ports.graceMs, afterSeq, limit: PAGE });
      for (const command of page) {
        const verdict = await inspect(command, ports, finishedBefore).catch((thrown) =>
          unswept(command, thrown, ports),
        );
        if (verdict === 'finished') finishedNow.add(jobOf(command));
        if (verdict !== 'alive') ports.log.info({ commandId: command.commandId, verdict }, 'outstanding command swept');
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      afterSeq = last.seq;
    }
    finishedBefore = finishedNow;
  };
}

type Verdict = 'alive' | 'sent-again' | 'finished' | 'given-up' | 'failed';

/** A server that is away ends the round; one command that makes trouble does not keep the others from being swept. */
function unswept(command: CommandRow, thrown: unknown, { log }: SweepPorts): Verdict {
  if (thrown instanceof RetryableError) throw thrown;
  log.error({ commandId: command.commandId, err: toError(thrown) }, 'outstanding command could not be swept');
  return 'failed';
}

async function inspect(command: CommandRow, ports: SweepPorts, finishedBefore: ReadonlySet<string>): Promise<Verdict> {
  if (command.queue === null) return 'alive';
  const job = jobOf(command);
  const state = await ports.jobState(command.queue, job);
  if (state === 'unknown') {
    await ports.dispatcher.send([command]);
    return 'sent-again';
  }
  if (isOpen(state) || (await hasResultWaiting(command, ports))) return 'alive';
  if (!finishedBefore.has(job)) return 'finished';
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

const isOpen = (state: JobState): boolean => state === 'waiting' || state === 'active' || state === 'delayed';

/** A hub that was away has a backlog: what stands in it need not be asked for again. */
async function hasResultWaiting(
  { runId, commandId, dispatchNo }: CommandRow,
  { jobState }: SweepPorts,
): Promise<boolean> {
  return isOpen(await jobState(resultsQueue(runId), resultJobId(commandId, dispatchNo)));
}

const jobOf = (command: CommandRow): string => taskJobId(command.commandId, command.dispatchNo);
