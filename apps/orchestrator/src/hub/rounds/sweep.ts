import { laneResultsQueue, RetryableError, resultJobId, resultsQueue, toError } from '@baton/contracts';
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

/** As many as the queues are asked for in one request. */
const PAGE = 1_000;
const MOST_DISPATCHES = 5;

export interface SweepPorts {
  readonly store: Pick<HubStore, 'undispatched' | 'outstanding' | 'bumpDispatch'>;
  readonly dispatcher: Dispatcher;
  readonly jobStates: (queue: string, jobIds: readonly string[]) => Promise<ReadonlyMap<string, JobState>>;
  /** Whether messages wait in a queue: a result may be among them under the id of its bundle. */
  readonly hasWaiting: (queue: string) => Promise<boolean>;
  /** Ends a task whose workers finish without a result, time and again. */
  readonly giveUp: (command: CommandRow) => Promise<unknown>;
  readonly log: Logger;
  /** Commands younger than this are left alone. Milliseconds. */
  readonly graceMs: number;
}

/**
 * Sends what was committed but never sent, by this process or by one that is gone, and moves the own cursor past it. The
 * cursor of a lane that nobody holds stays, so what one round sent is left out by the next: the sweep looks after it.
 *
 * @returns `isOfAllLanes`: also what other hubs look after, which at a start are those that may have been killed before it
 */
export function createTailSender(
  ports: SweepPorts,
  lane: number,
): (olderThanMs: number, isOfAllLanes?: boolean) => Promise<void> {
  let sentBefore: ReadonlySet<string> = new Set();

  return async (olderThanMs, isOfAllLanes = false) => {
    const { dispatcher, store, log } = ports;
    const { failures, isBehind } = dispatcher;
    // The cursor may only pass what was sent, so a hub that is behind must see all of its tail.
    const age = isBehind ? {} : { olderThanMs };
    const sent = new Set<string>();
    let ownSeq = 0;
    for (let afterSeq = 0; ; ) {
      const page = await store.undispatched({ ...age, afterSeq, limit: PAGE, isOfAllLanes });
      const missing = page.filter((command) => !sentBefore.has(jobOf(command, ports)));
      const unsent = await unknownOf(missing, ports);
      await dispatcher.send(unsent);
      if (unsent.length > 0) log.info({ commands: unsent.length }, 'undispatched commands sent');
      for (const command of page) {
        sent.add(jobOf(command, ports));
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

/** Those whose job is in none of the doors of its queue: by which it was sent before, nobody may know any more. */
async function unknownOf(commands: readonly CommandRow[], ports: SweepPorts): Promise<readonly CommandRow[]> {
  const jobs = commands.flatMap((command) =>
    command.queue === null ? [] : [{ queue: command.queue, jobId: jobOf(command, ports) }],
  );
  const states = await ask(jobs, ports);
  return commands.filter((command) => (states.get(jobOf(command, ports)) ?? 'unknown') === 'unknown');
}

/** One sweeper per process: it remembers what the last round found finished without a result. */
export function createSweeper(ports: SweepPorts): () => Promise<void> {
  let finishedBefore: ReadonlySet<string> = new Set();

  return async () => {
    const finishedNow = new Set<string>();
    for (let afterSeq = 0; ; ) {
      const page = await ports.store.outstanding({ olderThanMs: ports.graceMs, afterSeq, limit: PAGE });
      const states = await statesOf(page, ports);
      for (const command of page) {
        const verdict = await inspect(command, states, ports, finishedBefore).catch((thrown) =>
          unswept(command, thrown, ports),
        );
        if (verdict === 'finished') finishedNow.add(jobOf(command, ports));
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

async function inspect(
  command: CommandRow,
  states: States,
  ports: SweepPorts,
  finishedBefore: ReadonlySet<string>,
): Promise<Verdict> {
  const job = jobOf(command, ports);
  const state = states.ofTasks.get(job);
  // Its queue could not say, which a log line tells.
  if (state === undefined) return 'alive';
  if (state === 'unknown' && !isForgotten(command, ports)) {
    await ports.dispatcher.send([command]);
    return 'sent-again';
  }
  const result = resultOf(command, ports);
  if (isOpen(state) || !states.ofResults.has(result) || isOpen(states.ofResults.get(result))) return 'alive';
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

/** A job that is gone is done as far as anybody knows, where its queue forgets what is done. */
const isForgotten = ({ queue }: CommandRow, { dispatcher }: Nonces): boolean =>
  queue !== null && dispatcher.forgets(queue);

/** By job id; what a queue could not say is left out. A result is asked for only where its task has ended. */
interface States {
  readonly ofTasks: ReadonlyMap<string, JobState>;
  /** A hub that was away has a backlog: what stands in it need not be asked for again. */
  readonly ofResults: ReadonlyMap<string, JobState>;
}

async function statesOf(page: readonly CommandRow[], ports: SweepPorts): Promise<States> {
  const tasks = page.flatMap((command) =>
    command.queue === null ? [] : [{ queue: command.queue, jobId: jobOf(command, ports), command }],
  );
  const ofTasks = await ask(tasks, ports);
  const ended = tasks.filter(({ jobId, command }) => {
    const state = ofTasks.get(jobId);
    return state !== undefined && (state !== 'unknown' || isForgotten(command, ports)) && !isOpen(state);
  });
  const results = ended.flatMap(({ command }) => {
    const jobId = resultOf(command, ports);
    // By the one a worker answers that knows where the hub wants it, by the other one that does not.
    const queues = [laneResultsQueue(command.lane), resultsQueue(command.runId)];
    return queues.map((queue) => ({ queue, jobId, command }));
  });
  return { ofTasks, ofResults: await orWaiting(results, await ask(results, ports), ports) };
}

/** A result that came with others has no job of its own: as long as any wait in its queue, it may be one of them. */
async function orWaiting(
  results: readonly { readonly queue: string; readonly jobId: string }[],
  found: ReadonlyMap<string, JobState>,
  { hasWaiting }: SweepPorts,
): Promise<ReadonlyMap<string, JobState>> {
  const states = new Map(found);
  for (const [queue, ofQueue] of Map.groupBy(results, (result) => result.queue)) {
    const missing = ofQueue.filter(({ jobId }) => !isOpen(states.get(jobId)));
    if (missing.length === 0 || !(await hasWaiting(queue))) continue;
    for (const { jobId } of missing) states.set(jobId, 'waiting');
  }
  return states;
}

/** A queue that makes trouble does not keep the others from being swept; a server that is away ends the round. */
async function ask(
  jobs: readonly { readonly queue: string; readonly jobId: string }[],
  { jobStates, log }: SweepPorts,
): Promise<ReadonlyMap<string, JobState>> {
  const states = new Map<string, JobState>();
  for (const [queue, ofQueue] of Map.groupBy(jobs, (job) => job.queue)) {
    try {
      const jobIds = ofQueue.map(({ jobId }) => jobId);
      for (const [jobId, state] of await jobStates(queue, jobIds)) {
        if (!isOpen(states.get(jobId))) states.set(jobId, state);
      }
    } catch (thrown) {
      if (thrown instanceof RetryableError) throw thrown;
      log.error({ queue, err: toError(thrown) }, 'jobs of a queue could not be looked after');
    }
  }
  return states;
}

const isOpen = (state: JobState | undefined): boolean =>
  state === 'waiting' || state === 'active' || state === 'delayed';

type Nonces = Pick<SweepPorts, 'dispatcher'>;

const resultOf = (command: CommandRow, { dispatcher }: Nonces): string =>
  resultJobId(command.commandId, command.dispatchNo, dispatcher.nonceOf(command));
const jobOf = (command: CommandRow, { dispatcher }: Nonces): string => dispatcher.jobIdOf(command);
