import { taskJobId } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { JobState } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { Dispatcher } from './dispatcher.js';
import type { HubStore } from './hub-store.js';

/*
 * Anti-entropy between the command table (the truth) and the queues (a cache that may forget). Two findings:
 *
 *  - a command beyond its lane's cursor: its process died, or the queue was down, between commit and dispatch → send it;
 *  - an old outstanding command whose job is gone → send it again under the same job id; whose job stands as finished
 *    although no result came → the result was lost, or its worker broke off: send it again under a new dispatch number,
 *    but only when two rounds in a row saw it so, since a result may be on its way at this moment.
 */

const PAGE = 500;

export interface SweepPorts {
  readonly store: Pick<HubStore, 'undispatched' | 'outstanding' | 'bumpDispatch'>;
  readonly dispatcher: Dispatcher;
  readonly jobState: (queue: string, jobId: string) => Promise<JobState>;
  readonly nowMs: () => number;
  readonly log: Logger;
  /** Commands younger than this are left alone. Milliseconds. */
  readonly graceMs: number;
}

/** Sends what was committed but never sent, by this process or by one that is gone. */
export async function sendUndispatched(ports: SweepPorts, lane: number, olderThanMs: number): Promise<void> {
  const { failures } = ports.dispatcher;
  const before = new Date(ports.nowMs() - olderThanMs).toISOString();
  const tail = await ports.store.undispatched({ olderThanIso: before, limit: PAGE });
  if (tail.length > 0) {
    await ports.dispatcher.send(tail);
    ports.log.info({ commands: tail.length }, 'undispatched commands sent');
  }
  const own = tail.filter((command) => command.lane === lane).map(({ seq }) => seq);
  if (tail.length < PAGE && ports.dispatcher.isBehind) ports.dispatcher.caughtUp(Math.max(0, ...own), failures);
}

/** One sweeper per process: it remembers what the last round found finished without a result. */
export function createSweeper(ports: SweepPorts): () => Promise<void> {
  let finishedBefore = new Set<string>();

  return async () => {
    const olderThanIso = new Date(ports.nowMs() - ports.graceMs).toISOString();
    const finishedNow = new Set<string>();
    let afterSeq = 0;
    for (;;) {
      const page = await ports.store.outstanding({ olderThanIso, afterSeq, limit: PAGE });
      for (const command of page) {
        const verdict = await inspect(command, ports, finishedBefore);
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

type Verdict = 'alive' | 'sent-again' | 'finished';

async function inspect(command: CommandRow, ports: SweepPorts, finishedBefore: ReadonlySet<string>): Promise<Verdict> {
  if (command.queue === null) return 'alive';
  const job = jobOf(command);
  const state = await ports.jobState(command.queue, job);
  if (state === 'unknown') {
    await ports.dispatcher.send([command]);
    return 'sent-again';
  }
  if (state !== 'completed' && state !== 'failed') return 'alive';
  if (!finishedBefore.has(job)) return 'finished';
  const dispatchNo = await ports.store.bumpDispatch(command.commandId);
  if (dispatchNo === null) return 'alive';
  await ports.dispatcher.send([{ ...command, dispatchNo }]);
  return 'sent-again';
}

const jobOf = (command: CommandRow): string => taskJobId(command.commandId, command.dispatchNo);
